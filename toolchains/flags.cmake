# How our own code is compiled, and the third-party code beside it.

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE MinSizeRel)
endif()
# Without NDEBUG: a failed assertion must stop a device in the field too, not only a test. Clang's
# -Os is for speed as well.
set(small -Os)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  set(small -Oz)
endif()
set(CMAKE_C_FLAGS_MINSIZEREL "${small}")
set(CMAKE_CXX_FLAGS_MINSIZEREL "${small}")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g")

set(FIELDPOST_WARNINGS -Wall -Wextra -Wconversion -Wshadow -Wswitch -Wold-style-cast -Werror)

# What every C++ file of ours gets. RTTI stays off in the tests too, so that they can derive from
# the ports, whose type information the libraries don't hold. What is static lives as long as its
# process; Clang can be told so, and then keeps no list of what to destroy.
add_library(fieldpost_flags INTERFACE)
target_include_directories(fieldpost_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(fieldpost_flags INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti -fno-threadsafe-statics>
  $<$<AND:$<COMPILE_LANG_AND_ID:CXX,Clang>,$<NOT:$<BOOL:${FIELDPOST_SANITIZE}>>>:-fno-c++-static-destructors>
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<NOT:$<BOOL:$<TARGET_PROPERTY:FIELDPOST_EXCEPTIONS>>>>:-fno-exceptions>)

# The same sources give the same bytes, wherever they lie.
add_compile_options(-ffile-prefix-map=${PROJECT_BINARY_DIR}=build -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)

if(FIELDPOST_SANITIZE)
  # Without RTTI there is nothing that `vptr` could look at.
  set(sanitizers -fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=all
                 -fno-omit-frame-pointer)
  add_compile_options(${sanitizers} -D_GLIBCXX_ASSERTIONS)
  add_link_options(${sanitizers})
  if(FIELDPOST_FUZZ)
    # What a fuzzer steers by, and what tests/fuzz/coverage counts. Packing texts takes Clang more steps
    # with the standard library's assertions than it takes by default.
    set(watched -fsanitize=fuzzer-no-link -fprofile-instr-generate -fcoverage-mapping)
    add_compile_options(${watched} $<$<COMPILE_LANGUAGE:CXX>:-fconstexpr-steps=16000000>)
    add_link_options(${watched})
  endif()
else()
  # _FORTIFY_SOURCE counts where the libc knows it; musl does not. Not -fstack-protector-strong: it
  # also guards each function that takes a local's address, as spans and string views make nearly
  # all of them do, for 26 kB of the armhf program. Every function with a buffer is guarded.
  add_compile_options(-fstack-protector -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
                      -ffunction-sections -fdata-sections)
  add_link_options(LINKER:-z,relro,-z,now,-z,noexecstack LINKER:--gc-sections LINKER:--build-id=none)
  if(NOT FIELDPOST_STATIC)
    # The static toolchains say how their linker makes position-independent programs.
    set(CMAKE_POSITION_INDEPENDENT_CODE ON)
    include(CheckPIESupported)
    check_pie_supported(LANGUAGES C CXX)
  endif()
endif()

find_program(FIELDPOST_CCACHE ccache)
mark_as_advanced(FIELDPOST_CCACHE)
if(FIELDPOST_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Relative paths, so that a second build folder and a second clone find what the first compiled.
  set(launcher env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${FIELDPOST_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()
