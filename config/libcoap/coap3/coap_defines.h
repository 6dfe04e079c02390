// What libcoap is built with: a server over UDP and DTLS. Its own blocks, separate answers, proxy and
// observers stay out: ours (platform/libcoap) are of fixed size.
#ifndef FIELDPOST_CONFIG_LIBCOAP_COAP_DEFINES_H
#define FIELDPOST_CONFIG_LIBCOAP_COAP_DEFINES_H

#define COAP_SERVER_SUPPORT 1
#define COAP_CLIENT_SUPPORT 0
#define COAP_DISABLE_TCP 1
#define COAP_IPV4_SUPPORT 1
#define COAP_IPV6_SUPPORT 1
#define COAP_MAX_LOGGING_LEVEL 0
#define COAP_WITH_LIBMBEDTLS 1

#endif  // FIELDPOST_CONFIG_LIBCOAP_COAP_DEFINES_H
