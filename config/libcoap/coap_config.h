// What libcoap asks of a machine, in place of the header that its own build would make of probes:
// Linux, with musl or glibc. What it is to be able to do stands in coap3/coap_defines.h.
#ifndef FIELDPOST_CONFIG_LIBCOAP_COAP_CONFIG_H
#define FIELDPOST_CONFIG_LIBCOAP_COAP_CONFIG_H

#define _GNU_SOURCE

#include <coap3/coap_defines.h>

#define HAVE_ARPA_INET_H 1
#define HAVE_ASSERT_H 1
#define HAVE_ERRNO_H 1
#define HAVE_GETRANDOM 1
#define HAVE_INTTYPES_H 1
#define HAVE_LIMITS_H 1
#define HAVE_MALLOC 1
#define HAVE_NETDB_H 1
#define HAVE_NETINET_IN_H 1
#define HAVE_NET_IF_H 1
#define HAVE_STRNLEN 1
#define HAVE_STRUCT_CMSGHDR 1
#define HAVE_SYS_IOCTL_H 1
#define HAVE_SYS_SOCKET_H 1
#define HAVE_SYS_TIME_H 1
#define HAVE_SYS_TYPES_H 1
#define HAVE_TIME_H 1
#define HAVE_UNISTD_H 1

#define PACKAGE_NAME "libcoap"
#define PACKAGE_STRING "libcoap"
#define PACKAGE_VERSION "4.3.5"

#endif  // FIELDPOST_CONFIG_LIBCOAP_COAP_CONFIG_H
