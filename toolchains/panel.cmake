# The source file panel_files.cc: the panel's page, compressed, as bytes of the program.
#
# Included by CMakeLists.txt it adds that file to the library fieldpost_agent; run as a script it
# writes it. The same files give the same bytes.

if(NOT CMAKE_SCRIPT_MODE_FILE)
  option(FIELDPOST_PANEL "Build the technician's panel into the program" ON)
  set(panel_folder ${PROJECT_SOURCE_DIR}/agent/panel)
  set(panel_source ${PROJECT_BINARY_DIR}/panel/panel_files.cc)
  file(GLOB panel_files CONFIGURE_DEPENDS ${panel_folder}/*.html ${panel_folder}/*.css
                                          ${panel_folder}/*.json ${panel_folder}/script/*.js)
  add_custom_command(OUTPUT ${panel_source}
    COMMAND ${CMAKE_COMMAND} -D folder=${panel_folder} -D source=${panel_source}
            -D panel=${FIELDPOST_PANEL} -P ${CMAKE_CURRENT_LIST_FILE}
    DEPENDS ${panel_files} ${CMAKE_CURRENT_LIST_FILE} VERBATIM)
  target_sources(fieldpost_agent PRIVATE ${panel_source})
  return()
endif()

get_filename_component(built ${source} DIRECTORY)
file(MAKE_DIRECTORY ${built})

# bytes_of(FILE VARIABLE): what gzip makes of it, as C++ has it
function(bytes_of file variable)
  execute_process(COMMAND gzip -9nc INPUT_FILE ${file} OUTPUT_FILE ${built}/file.gz
                  COMMAND_ERROR_IS_FATAL ANY)
  file(READ ${built}/file.gz bytes HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes ${bytes})
  string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes ${bytes})
  set(${variable} "${bytes}" PARENT_SCOPE)
endfunction()

set(arrays "")
set(rows "")
if(panel)
  file(GLOB scripts ${folder}/script/*.js)
  list(SORT scripts)
  file(WRITE ${built}/panel.js "")
  foreach(script IN LISTS scripts)
    file(READ ${script} text)
    file(APPEND ${built}/panel.js "${text}")
  endforeach()
  foreach(one IN ITEMS "kPage index.html" "kStyle panel.css" "kScript panel.js" "kTexts texts.json")
    separate_arguments(one)
    list(POP_FRONT one name file)
    if(NOT EXISTS ${folder}/${file})
      set(file ${built}/${file})
    else()
      set(file ${folder}/${file})
    endif()
    bytes_of(${file} bytes)
    string(APPEND arrays "constexpr unsigned char ${name}[] = {\n${bytes}};\n")
    string(APPEND arrays "static_assert(sizeof(${name}) <= limits::local_answer_bytes_max);\n")
  endforeach()
  set(rows [[
    {"/", "text/html; charset=utf-8", kPage},
    {"/kiosk", "text/html; charset=utf-8", kPage},
    {"/panel.css", "text/css; charset=utf-8", kStyle},
    {"/panel.js", "text/javascript; charset=utf-8", kScript},
    {"/texts.json", "application/json", kTexts},
]])
endif()

set(before [[
// Written by toolchains/panel.cmake.
#include "agent/panel/files.h"

namespace fieldpost {
]])
if(panel)
  file(WRITE ${source} "${before}namespace {\n\n${arrays}" [[

constexpr PanelFile kFiles[] = {
]] "${rows}" [[
};

}  // namespace

const PanelFile* find_panel_file(std::string_view path) {
  for (const PanelFile& one : kFiles) {
    if (one.path == path) return &one;
  }
  return nullptr;
}

}  // namespace fieldpost
]])
else()
  file(WRITE ${source} "${before}" [[

const PanelFile* find_panel_file(std::string_view /*path*/) { return nullptr; }

}  // namespace fieldpost
]])
endif()
