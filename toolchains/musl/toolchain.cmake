# A static program on musl, without libstdc++. Included by the toolchain file of a target, which sets
#   target     the preset's name
#   gnu        Debian's name of the machine: names the compiler's target and the folders of headers
#   processor  CMAKE_SYSTEM_PROCESSOR
#   machine    flags that choose the processor, a list
#   emulator   what runs the program on the building machine; empty: nothing needed
#
# Clang and not GCC: with link-time optimization, code that repeats is moved into functions and
# functions that are equal become one, which GCC cannot do. That is 6 % of the program. One compiler
# serves all machines; of GCC only the cross packages' headers and libgcc are used. Its version is
# part of its name, because what is said of sizes holds for that one.
#
# Clang expects glibc, so the folders and start files are all named here.

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${processor})
set(llvm 19)
set(CMAKE_C_COMPILER clang-${llvm})
set(CMAKE_CXX_COMPILER clang++-${llvm})
set(CMAKE_C_COMPILER_TARGET ${gnu})
set(CMAKE_CXX_COMPILER_TARGET ${gnu})
set(CMAKE_AR llvm-ar-${llvm} CACHE FILEPATH "")
set(CMAKE_RANLIB llvm-ranlib-${llvm} CACHE FILEPATH "")
set(CMAKE_STRIP llvm-strip-${llvm} CACHE FILEPATH "")
set(CMAKE_OBJCOPY llvm-objcopy-${llvm} CACHE FILEPATH "")
set(CMAKE_NM llvm-nm-${llvm} CACHE FILEPATH "")
set(CMAKE_READELF llvm-readelf-${llvm} CACHE FILEPATH "")
foreach(tool IN ITEMS ${CMAKE_C_COMPILER} ${CMAKE_AR} ld.lld-${llvm})
  find_program(found_tool ${tool} NO_CACHE)
  if(NOT found_tool)
    message(FATAL_ERROR "${tool} is not installed; `toolchains/install-packages build cross` does that.")
  endif()
  unset(found_tool)
endforeach()
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
    COMMAND ${CMAKE_CURRENT_LIST_DIR}/build ${FIELDPOST_DEPS_CACHE} ${target} ${gnu} ${llvm} ${machine}
    RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "musl for ${target} could not be built; see above. "
                        "toolchains/install-packages installs the compilers.")
  endif()
endif()
set(musl ${FIELDPOST_DEPS_CACHE}/musl-${target})
set(FIELDPOST_MUSL_ORIGIN ${FIELDPOST_DEPS_CACHE}/musl.origin)

# --- Compiling ------------------------------------------------------------------------------------

function(ask_compiler out)
  execute_process(COMMAND ${CMAKE_C_COMPILER} --target=${gnu} ${machine} ${ARGN} OUTPUT_VARIABLE said
                  OUTPUT_STRIP_TRAILING_WHITESPACE)
  set(${out} ${said} PARENT_SCOPE)
endfunction()
ask_compiler(own_include -print-resource-dir)
string(APPEND own_include /include)
ask_compiler(libgcc --rtlib=libgcc -print-libgcc-file-name)
if(NOT EXISTS "${libgcc}")
  message(FATAL_ERROR "There is no libgcc for ${gnu}; `toolchains/install-packages cross` installs it.")
endif()
get_filename_component(gcc_version ${libgcc} DIRECTORY)
get_filename_component(gcc_version ${gcc_version} NAME)
set(cxx_include /usr/${gnu}/include/c++/${gcc_version})
set(cxx_include_target ${cxx_include}/${gnu})
if(NOT EXISTS ${cxx_include})
  set(cxx_include /usr/include/c++/${gcc_version})
  set(cxx_include_target /usr/include/${gnu}/c++/${gcc_version})
endif()

list(JOIN machine " " machine)
# Unwind tables serve exceptions and debuggers; the debugger has its own in the .debug file.
set(flags "${machine} -fPIE -flto -fvisibility=hidden -fno-asynchronous-unwind-tables -fno-unwind-tables -nostdinc")
set(CMAKE_C_FLAGS_INIT "${flags} -isystem ${musl}/include -isystem ${own_include}")
# libstdc++'s headers only: what needs its library does not link. The shim goes first.
set(CMAKE_CXX_FLAGS_INIT "${flags} -fwhole-program-vtables -nostdinc++ -isystem ${CMAKE_CURRENT_LIST_DIR}/cxx -isystem ${cxx_include} -isystem ${cxx_include_target} -isystem ${musl}/include -isystem ${own_include}")

# --- Linking --------------------------------------------------------------------------------------

# Position-independent and static: rcrt1.o relocates the program itself. `-z text` refuses relocations
# in code. relr keeps the list of what is to be relocated in bits; musl reads it from 1.2.4 on. -O2 lets
# a text that ends as another lie within it. A call costs less than the inliner counts. Passes that
# make code faster and longer are off (constants out of loops or shared, pointers in place of indices,
# likely branches in a row, a second ordering), and ends of blocks are shared from two instructions
# on: 2 % of the program.
set(passes)
foreach(option IN ITEMS -enable-machine-outliner=always -inline-threshold=-20 -disable-machine-licm
        -disable-lsr -disable-post-ra -disable-constant-hoisting -disable-block-placement
        -tail-merge-size=2)
  string(APPEND passes ",-mllvm,${option}")
endforeach()
set(CMAKE_EXE_LINKER_FLAGS_INIT "-fuse-ld=lld -fwhole-program-vtables -flto -static -nostdlib -Wl,-O2,-pie,--no-dynamic-linker,-z,text,--pack-dyn-relocs=relr,--icf=safe -Wl${passes} ${musl}/lib/rcrt1.o ${musl}/lib/crti.o")
set(CMAKE_C_STANDARD_LIBRARIES "-Wl,--start-group ${musl}/lib/libc.a ${libgcc} -Wl,--end-group ${musl}/lib/crtn.o" CACHE STRING "")
set(CMAKE_CXX_STANDARD_LIBRARIES "${CMAKE_C_STANDARD_LIBRARIES}" CACHE STRING "")
set(FIELDPOST_LIBC ${musl}/lib/libc.a)
