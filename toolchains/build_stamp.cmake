# The header fieldpost_build.h: which sources the program was made from, and when they were written.
#
# Included by CMakeLists.txt it makes the target `build_stamp`, which runs this file as a script at
# every build. The header is only written when it changes.
#
# The time is that of the commit (or SOURCE_DATE_EPOCH), not of the build: the same sources give the
# same program.

if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(stamp_folder ${PROJECT_BINARY_DIR}/stamp)
  add_custom_target(write_build_stamp
    COMMAND ${CMAKE_COMMAND} -D source=${PROJECT_SOURCE_DIR} -D header=${stamp_folder}/fieldpost_build.h
            -D version=${PROJECT_VERSION} -D mbedtls=${mbedtls_version} -D cjson=${cjson_version}
            -D llhttp=${llhttp_version} -P ${CMAKE_CURRENT_LIST_FILE}
    BYPRODUCTS ${stamp_folder}/fieldpost_build.h
    COMMENT "" VERBATIM)
  add_library(build_stamp INTERFACE)
  add_dependencies(build_stamp write_build_stamp)
  target_include_directories(build_stamp INTERFACE ${stamp_folder})
  return()
endif()

set(commit "")
set(written 0)
execute_process(COMMAND git -C ${source} log -1 --format=%h\ %ct
                OUTPUT_VARIABLE log ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
if(log MATCHES "^([0-9a-f]+) ([0-9]+)$")
  set(commit ${CMAKE_MATCH_1})
  set(written ${CMAKE_MATCH_2})
endif()
if("$ENV{SOURCE_DATE_EPOCH}" MATCHES "^[0-9]+$")
  set(written $ENV{SOURCE_DATE_EPOCH})
endif()

file(CONFIGURE OUTPUT ${header} @ONLY CONTENT [[
// Written by toolchains/build_stamp.cmake.
#pragma once

#include <cstdint>
#include <string_view>

namespace fieldpost::build {

inline constexpr std::string_view kVersion = "@version@";
inline constexpr std::string_view kCommit = "@commit@";        // short hash; empty: not built from git
inline constexpr std::uint64_t kUnixTime = @written@;  // of that commit; 0: not known
inline constexpr std::string_view kMbedtlsVersion = "@mbedtls@";
inline constexpr std::string_view kCjsonVersion = "@cjson@";
inline constexpr std::string_view kLlhttpVersion = "@llhttp@";

}  // namespace fieldpost::build
]])
