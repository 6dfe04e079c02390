# The target `libcoap`, and `mbedtls_dtls` under it: with FIELDPOST_COAP only.
#
# It has an Mbed TLS of its own, with another configuration than the agent's: a server, with
# pre-shared keys, and with libc's heap. The two never meet in one program.

set(libcoap_version)
foreach(part IN ITEMS major minor micro)
  version_in(number ${libcoap_source}/configure.ac "libcoap_${part}_version\\], \\[([0-9]+)")
  list(APPEND libcoap_version ${number})
endforeach()
list(JOIN libcoap_version "." libcoap_version)
if(libcoap_version VERSION_LESS 4.3.5 OR libcoap_version VERSION_GREATER_EQUAL 4.4)
  message(FATAL_ERROR "libcoap ${libcoap_version} in ${libcoap_source} cannot be used: 4.3.5 or a later "
                      "4.3 is needed. Older ones have known holes.")
endif()

add_library(mbedtls_dtls STATIC ${mbedtls_sources})
third_party(mbedtls_dtls)
target_include_directories(mbedtls_dtls SYSTEM PUBLIC ${mbedtls_source}/include)
target_include_directories(mbedtls_dtls PRIVATE ${mbedtls_source}/library)
target_include_directories(mbedtls_dtls PUBLIC ${PROJECT_SOURCE_DIR})
target_compile_definitions(mbedtls_dtls PUBLIC MBEDTLS_CONFIG_FILE="config/libcoap/mbedtls_config.h")

file(GLOB libcoap_sources ${libcoap_source}/src/coap_*.c)
list(FILTER libcoap_sources EXCLUDE REGEX "coap_io_(lwip|contiki|riot)\\.c$")
add_library(libcoap STATIC ${libcoap_sources})
set_target_properties(libcoap PROPERTIES OUTPUT_NAME coap)
third_party(libcoap)
target_include_directories(libcoap SYSTEM PUBLIC ${PROJECT_SOURCE_DIR}/config/libcoap ${libcoap_source}/include)
target_link_libraries(libcoap PUBLIC mbedtls_dtls)
