// Stands in front of libstdc++'s own file of this name, which is configured for glibc: skips
// os/gnu-linux/os_defines.h and takes back what musl does not have.
#pragma once
#pragma GCC system_header

#define _GLIBCXX_OS_DEFINES 1
#define __NO_CTYPE 1
#define _GLIBCXX_GTHREAD_USE_WEAK 0
#define __locale_t locale_t
#include_next <bits/c++config.h>
#undef _GLIBCXX_USE_PTHREAD_COND_CLOCKWAIT
#undef _GLIBCXX_USE_PTHREAD_MUTEX_CLOCKLOCK
#undef _GLIBCXX_USE_PTHREAD_RWLOCK_CLOCKLOCK
#undef _GLIBCXX_HAVE_GETS
