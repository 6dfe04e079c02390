# FIELDPOST_DEPS_CACHE: the folder where fetched sources lie, and what is built once from them. Kept
# in CMake's cache, so that a later run finds what the first found whatever its environment says.

set(folder $ENV{FIELDPOST_DEPS_CACHE})
if(NOT folder)
  set(folder ${CMAKE_CURRENT_LIST_DIR}/../build/deps)
endif()
get_filename_component(folder ${folder} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_LIST_DIR}/..)
set(FIELDPOST_DEPS_CACHE ${folder} CACHE PATH "Where fetched sources lie; may be shared")
