# The targets `mbedtls`, `cjson` and `llhttp`, from sources that are handed over or fetched.
#
#   FIELDPOST_MBEDTLS_SOURCE, FIELDPOST_CJSON_SOURCE, FIELDPOST_LLHTTP_SOURCE
#                         source folders; what isn't given is fetched (toolchains/fetch)
#   FIELDPOST_LIBCOAP_SOURCE  the same with FIELDPOST_COAP
#   FIELDPOST_FETCH       OFF: fetch nothing; a folder that is missing is an error
#   FIELDPOST_DEPS_CACHE  where fetched sources lie (build/deps); may be shared. Also read from the
#                         environment.
#
# What was used is written to build/NAME/sbom.txt.

option(FIELDPOST_FETCH "Fetch the sources of the libraries that are not handed over" ON)
include(deps_cache)

# --- Where the sources are ------------------------------------------------------------------------

set(libraries mbedtls cjson llhttp)
if(FIELDPOST_COAP)
  list(APPEND libraries libcoap)
endif()
set(to_fetch)
foreach(library IN LISTS libraries)
  string(TOUPPER ${library} upper)
  set(FIELDPOST_${upper}_SOURCE "" CACHE PATH "Source folder of ${library}; empty: fetched")
  if(FIELDPOST_${upper}_SOURCE STREQUAL "")
    list(APPEND to_fetch ${library})
    list(APPEND missing_variables FIELDPOST_${upper}_SOURCE)
    set(${library}_source ${FIELDPOST_DEPS_CACHE}/${library})
  else()
    get_filename_component(${library}_source "${FIELDPOST_${upper}_SOURCE}" ABSOLUTE
                           BASE_DIR ${PROJECT_SOURCE_DIR})
  endif()
endforeach()

if(to_fetch)
  if(NOT FIELDPOST_FETCH)
    list(JOIN missing_variables ", " missing_variables)
    message(FATAL_ERROR "This preset fetches nothing. Missing: ${missing_variables} "
                        "(the folder with the library's sources, for each).")
  endif()
  execute_process(COMMAND ${PROJECT_SOURCE_DIR}/toolchains/fetch ${FIELDPOST_DEPS_CACHE} ${to_fetch}
                  RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "The sources of ${to_fetch} could not be fetched; see above.")
  endif()
endif()

# Sets `out` to the folder below the source of `library` that holds `file`.
function(folder_of out library file)
  file(GLOB_RECURSE found ${${library}_source}/${file})
  list(FILTER found EXCLUDE REGEX "/\\.")  # what dpkg-source and git keep for themselves
  list(SORT found)
  string(TOUPPER ${library} upper)
  if(NOT found)
    message(FATAL_ERROR "FIELDPOST_${upper}_SOURCE: there is no ${file} in ${${library}_source}")
  endif()
  list(GET found 0 found)
  get_filename_component(found ${found} DIRECTORY)
  set(${out} ${found} PARENT_SCOPE)
endfunction()

# Sets `out` to what the first group of `regex` matches in `file`.
function(version_in out file regex)
  file(READ ${file} text)
  if(NOT text MATCHES "${regex}")
    message(FATAL_ERROR "No version in ${file}")
  endif()
  string(REGEX REPLACE ".*${regex}.*" "\\1" text "${text}")
  set(${out} ${text} PARENT_SCOPE)
endfunction()

# Third-party code is compiled as it comes: its warnings are its authors' to mend.
function(third_party name)
  target_compile_options(${name} PRIVATE -w)
  set_target_properties(${name} PROPERTIES C_EXTENSIONS ON)
endfunction()

# --- Mbed TLS -------------------------------------------------------------------------------------

set(header ${mbedtls_source}/include/mbedtls/build_info.h)
if(NOT EXISTS ${header})
  message(FATAL_ERROR "FIELDPOST_MBEDTLS_SOURCE: ${mbedtls_source} holds no Mbed TLS 3.6")
endif()
version_in(mbedtls_version ${header} "MBEDTLS_VERSION_STRING +\"([0-9.]+)\"")
if(mbedtls_version VERSION_LESS 3.6.7 OR mbedtls_version VERSION_GREATER_EQUAL 3.7)
  message(FATAL_ERROR "Mbed TLS ${mbedtls_version} in ${mbedtls_source} cannot be used: 3.6.7 or a "
    "later 3.6 is needed. 3.6.6 and 4.1.0 refuse sound TLS 1.2 servers that sign with RSA-PSS, older "
    "ones lack security fixes, and 4.x has another interface.")
endif()

file(GLOB mbedtls_sources ${mbedtls_source}/library/*.c)
if(NOT EXISTS ${mbedtls_source}/library/psa_crypto_driver_wrappers_no_static.c)
  message(FATAL_ERROR "FIELDPOST_MBEDTLS_SOURCE: ${mbedtls_source} lacks its generated files; take a "
                      "release archive, or run `make generated_files` in it.")
endif()
add_library(mbedtls STATIC ${mbedtls_sources})
third_party(mbedtls)
target_include_directories(mbedtls SYSTEM PUBLIC ${mbedtls_source}/include)
target_include_directories(mbedtls PRIVATE ${mbedtls_source}/library)
target_compile_definitions(mbedtls PUBLIC MBEDTLS_CONFIG_FILE="config/mbedtls_config.h")
target_include_directories(mbedtls PUBLIC ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/platform/mbedtls/without)
set_source_files_properties(${mbedtls_source}/library/pk_wrap.c ${mbedtls_source}/library/ssl_tls13_generic.c
  PROPERTIES COMPILE_OPTIONS "-include;${PROJECT_SOURCE_DIR}/platform/mbedtls/without/private_keys.h")
# Its 1.2 takes RSA-PSS signatures only where PSA has RSA, though it is not PSA that checks them. For
# this one file PSA has; for the others it would bring 2.3 kB that nobody calls.
set_source_files_properties(${mbedtls_source}/library/ssl_tls12_client.c
  PROPERTIES COMPILE_DEFINITIONS PSA_WANT_ALG_RSA_PSS=1)

# --- cJSON ----------------------------------------------------------------------------------------

folder_of(cjson_folder cjson cJSON.c)
file(STRINGS ${cjson_folder}/cJSON.h cjson_version REGEX "define CJSON_VERSION_(MAJOR|MINOR|PATCH)")
string(REGEX REPLACE "[^0-9;]" "" cjson_version "${cjson_version}")
string(REPLACE ";" "." cjson_version "${cjson_version}")
add_library(cjson STATIC ${cjson_folder}/cJSON.c)  # not cJSON_Utils: nothing of ours patches JSON
third_party(cjson)
# The depth is bounded by our own check (limits::json_depth_max) before cJSON sees a byte.
target_include_directories(cjson SYSTEM PUBLIC ${cjson_folder})
target_compile_definitions(cjson PRIVATE strtod=fieldpost_json_number)  # agent/json/number.h

# --- llhttp ---------------------------------------------------------------------------------------

folder_of(llhttp_header llhttp llhttp.h)
folder_of(llhttp_folder llhttp llhttp.c)
file(STRINGS ${llhttp_header}/llhttp.h llhttp_version REGEX "define LLHTTP_VERSION_(MAJOR|MINOR|PATCH)")
string(REGEX REPLACE "[^0-9;]" "" llhttp_version "${llhttp_version}")
string(REPLACE ";" "." llhttp_version "${llhttp_version}")
add_library(llhttp STATIC ${llhttp_folder}/llhttp.c ${llhttp_folder}/http.c ${llhttp_folder}/api.c)
third_party(llhttp)
# Without it llhttp reads on after the last answer of a connection, and lets bad line ends pass.
target_compile_definitions(llhttp PUBLIC LLHTTP_STRICT_MODE=1)
target_include_directories(llhttp SYSTEM PUBLIC ${llhttp_header})
set_source_files_properties(${llhttp_folder}/llhttp.c PROPERTIES
  COMPILE_OPTIONS "-include;${PROJECT_SOURCE_DIR}/toolchains/llhttp_trimmed.h")
if(FIELDPOST_FUZZ)
  # It declares its callbacks with unsigned char and calls them with char, which Clang can tell.
  target_compile_options(llhttp PRIVATE -fno-sanitize=function)
endif()

if(FIELDPOST_COAP)
  include(libcoap)
endif()

# --- What it was made from ------------------------------------------------------------------------

set(sbom "fieldpost ${PROJECT_VERSION}\n")
foreach(library IN LISTS libraries)
  string(APPEND sbom "\n${library} ${${library}_version}\n")
  if(library IN_LIST to_fetch)
    file(STRINGS ${FIELDPOST_DEPS_CACHE}/${library}.origin origin)
    list(POP_FRONT origin from)
    string(APPEND sbom "  debian ${from}\n")
    if(from MATCHES " second-choice$")
      message(WARNING "${library}: not the pinned version but ${from}; recorded in sbom.txt")
    endif()
    foreach(line IN LISTS origin)
      string(REPLACE " " " sha256:" line "${line}")
      string(APPEND sbom "  file ${line}\n")
    endforeach()
  else()
    string(APPEND sbom "  handed over\n")
  endif()
endforeach()
if(FIELDPOST_MUSL_ORIGIN)
  file(STRINGS ${FIELDPOST_MUSL_ORIGIN} origin)
  list(POP_FRONT origin from)
  string(APPEND sbom "\nmusl\n  debian ${from}\n")
  foreach(line IN LISTS origin)
    string(REPLACE " " " sha256:" line "${line}")
    string(APPEND sbom "  file ${line}\n")
  endforeach()
endif()
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/sbom.txt CONTENT "${sbom}" @ONLY)
