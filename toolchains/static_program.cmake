# What makes a program of the static presets: the runtime that stands in for libstdc++'s, the traps
# in place of libc's heap and streams, and the checks that it came out as it should.

add_library(fieldpost_runtime OBJECT ${PROJECT_SOURCE_DIR}/toolchains/musl/runtime.cc)
add_library(fieldpost_traps OBJECT
  ${PROJECT_SOURCE_DIR}/toolchains/musl/no_printf.cc ${PROJECT_SOURCE_DIR}/platform/linux/no_heap.cc)
foreach(objects IN ITEMS fieldpost_runtime fieldpost_traps)
  target_link_libraries(${objects} PRIVATE fieldpost_flags)
  # Link-time optimization puts in calls to these names after it has decided which of them it needs.
  target_compile_options(${objects} PRIVATE ${FIELDPOST_WARNINGS} -fno-lto -fno-whole-program-vtables -fno-builtin)
endforeach()

# Leaves the stripped program at build/NAME/`program`, beside it `program`.debug with its symbols
# and `program`.map, which tells where every byte comes from. A kernel loads by program headers; the
# section headers serve linkers and debuggers, which have the .debug file. With `allocates` behind it a
# library of the program's has libc's heap and streams.
function(fieldpost_static_program program)
  target_link_libraries(${program} PRIVATE fieldpost_runtime)
  if(NOT "allocates" IN_LIST ARGN)
    target_link_libraries(${program} PRIVATE fieldpost_traps)
  endif()
  set_property(TARGET ${program} APPEND PROPERTY LINK_DEPENDS ${FIELDPOST_LIBC})
  target_link_options(${program} PRIVATE LINKER:-Map=$<TARGET_FILE:${program}>.map)
  add_custom_command(TARGET ${program} POST_BUILD
    COMMAND ${PROJECT_SOURCE_DIR}/toolchains/check-static $<TARGET_FILE:${program}> ${FIELDPOST_LIBC}
            ${CMAKE_READELF} ${CMAKE_NM} ${ARGN}
    COMMAND ${CMAKE_COMMAND} -E copy $<TARGET_FILE:${program}> $<TARGET_FILE:${program}>.debug
    COMMAND ${CMAKE_STRIP} --strip-sections $<TARGET_FILE:${program}>
    VERBATIM)
endfunction()
