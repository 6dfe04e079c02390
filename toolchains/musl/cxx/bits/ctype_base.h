// Replaces libstdc++'s file of this name, whose masks are bits of glibc's ctype tables. Nothing of
// ours classifies characters through a locale; the headers only have to compile.
#pragma once
#pragma GCC system_header

namespace std _GLIBCXX_VISIBILITY(default) {
_GLIBCXX_BEGIN_NAMESPACE_VERSION
struct ctype_base {
  typedef const int* __to_type;
  typedef unsigned short mask;
  static const mask upper = 1, lower = 2, alpha = 4, digit = 8, xdigit = 16, space = 32, print = 64,
                    graph = 128 | 4 | 8, cntrl = 256, punct = 512, alnum = 4 | 8, blank = 1024;
};
_GLIBCXX_END_NAMESPACE_VERSION
}  // namespace std
