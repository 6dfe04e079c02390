# A static program on musl with Debian's GCC, without libstdc++. Included by the toolchain file of a
# target, which sets
#   target     the preset's name
#   gnu        the compiler's prefix, without the last dash
#   processor  CMAKE_SYSTEM_PROCESSOR
#   machine    flags that choose the processor, a list
#   guard      flags that say where musl keeps the stack guard, a list; empty: the compiler knows
#   emulator   what runs the program on the building machine; empty: nothing needed
#
# GCC comes configured for glibc, so the folders and start files are all named here. musl-gcc's own
# specs file would do for C only.

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${processor})
set(CMAKE_C_COMPILER ${gnu}-gcc)
set(CMAKE_CXX_COMPILER ${gnu}-g++)
set(CMAKE_AR ${gnu}-gcc-ar CACHE FILEPATH "")  # the ones that understand link-time optimization
set(CMAKE_RANLIB ${gnu}-gcc-ranlib CACHE FILEPATH "")
set(CMAKE_STRIP ${gnu}-strip CACHE FILEPATH "")
set(CMAKE_OBJCOPY ${gnu}-objcopy CACHE FILEPATH "")
set(CMAKE_NM ${gnu}-gcc-nm CACHE FILEPATH "")
set(CMAKE_READELF ${gnu}-readelf CACHE FILEPATH "")
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE NEVER)
if(emulator)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${emulator})
endif()
set(FIELDPOST_STATIC ON)

# --- musl -----------------------------------------------------------------------------------------

list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES FIELDPOST_DEPS_CACHE)
include(${CMAKE_CURRENT_LIST_DIR}/../deps_cache.cmake)
get_property(in_try_compile GLOBAL PROPERTY IN_TRY_COMPILE)
if(NOT in_try_compile)
  execute_process(
    COMMAND ${CMAKE_CURRENT_LIST_DIR}/build ${FIELDPOST_DEPS_CACHE} ${target} ${gnu} ${machine}
    RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "musl for ${target} could not be built; see above. "
                        "toolchains/install-packages installs the compilers.")
  endif()
endif()
set(musl ${FIELDPOST_DEPS_CACHE}/musl-${target})
set(FIELDPOST_MUSL_ORIGIN ${FIELDPOST_DEPS_CACHE}/musl.origin)

# --- Compiling ------------------------------------------------------------------------------------

function(ask_gcc out)
  execute_process(COMMAND ${gnu}-gcc ${machine} ${ARGN} OUTPUT_VARIABLE said
                  OUTPUT_STRIP_TRAILING_WHITESPACE)
  set(${out} ${said} PARENT_SCOPE)
endfunction()
ask_gcc(version -dumpversion)
ask_gcc(own_include -print-file-name=include)
ask_gcc(crtbegin -print-file-name=crtbeginS.o)
ask_gcc(crtend -print-file-name=crtendS.o)
ask_gcc(libgcc -print-libgcc-file-name)
set(cxx_include /usr/${gnu}/include/c++/${version})
set(cxx_include_target ${cxx_include}/${gnu})
if(NOT EXISTS ${cxx_include})
  set(cxx_include /usr/include/c++/${version})
  set(cxx_include_target /usr/include/${gnu}/c++/${version})
endif()

list(JOIN machine " " machine)
list(JOIN guard " " guard)
# Unwind tables serve exceptions and debuggers; the debugger has its own in the .debug file.
set(flags "${machine} ${guard} -fPIE -flto=auto -fno-fat-lto-objects -fno-asynchronous-unwind-tables -fno-unwind-tables -nostdinc")
set(CMAKE_C_FLAGS_INIT "${flags} -isystem ${musl}/include -isystem ${own_include}")
# libstdc++'s headers only: what needs its library does not link. The shim goes first.
set(CMAKE_CXX_FLAGS_INIT "${flags} -nostdinc++ -isystem ${CMAKE_CURRENT_LIST_DIR}/cxx -isystem ${cxx_include} -isystem ${cxx_include_target} -isystem ${musl}/include -isystem ${own_include}")

# --- Linking --------------------------------------------------------------------------------------

# Position-independent and static. Not -static-pie, which makes a dynamic program on ARM without a
# word: rcrt1.o relocates the program itself. `-z text` refuses relocations in code.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static -nostdlib -Wl,-pie,--no-dynamic-linker,-z,text ${musl}/lib/rcrt1.o ${musl}/lib/crti.o ${crtbegin}")
set(CMAKE_C_STANDARD_LIBRARIES "-Wl,--start-group ${musl}/lib/libc.a ${libgcc} -Wl,--end-group ${crtend} ${musl}/lib/crtn.o" CACHE STRING "")
set(CMAKE_CXX_STANDARD_LIBRARIES "${CMAKE_C_STANDARD_LIBRARIES}" CACHE STRING "")
set(FIELDPOST_LIBC ${musl}/lib/libc.a)
