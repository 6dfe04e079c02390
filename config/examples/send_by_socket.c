/* Hands one message to the agent's socket, in C and with no library: cc -o send_by_socket send_by_socket.c
 *
 *   send_by_socket KEY TO STATUS      such as: send_by_socket order-12345-shipped 12025550123 Shipped
 *
 * SOCKET names the socket (/run/fieldpost/fieldpost.sock). The key is the name of what happened: whoever
 * asks again with it, after a lost answer or a power cut, gets the same message and the customer none
 * twice. Exits 0 once the message is on flash, 1 where it is refused for good, 75 where to try again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { REFUSED = 1, TRY_AGAIN = 75 };

/* A JSON string; line breaks and tabs no message may have anyway. */
static void put_string(FILE *out, const char *text) {
  fputc('"', out);
  for (; *text != '\0'; ++text) {
    if (*text == '"' || *text == '\\') fputc('\\', out);
    fputc(*text, out);
  }
  fputc('"', out);
}

int main(int count, char **words) {
  const char *path = getenv("SOCKET") ? getenv("SOCKET") : "/run/fieldpost/fieldpost.sock";
  struct sockaddr_un place = {.sun_family = AF_UNIX};
  const struct timeval patience = {.tv_sec = 30};
  char body[16384], answer[8192];
  if (count != 4 || strlen(path) >= sizeof place.sun_path) return REFUSED;
  strcpy(place.sun_path, path);

  FILE *out = fmemopen(body, sizeof body, "w");
  fputs("{\"scenario\":\"status-changed\",\"key\":", out), put_string(out, words[1]);
  fputs(",\"to\":", out), put_string(out, words[2]);
  fputs(",\"fields\":{\"customerName\":\"Maria\",\"process\":\"your order\",\"status\":", out);
  put_string(out, words[3]), fputs("}}", out);
  if (fclose(out) != 0 || strlen(body) == sizeof body - 1) return REFUSED; /* too long */

  const int peer = socket(AF_UNIX, SOCK_STREAM, 0);
  setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(peer, (struct sockaddr *)&place, sizeof place) != 0) return TRY_AGAIN;
  dprintf(peer, "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body);
  size_t size = 0;
  for (ssize_t got = 1; got > 0 && size < sizeof answer - 1; size += got > 0 ? (size_t)got : 0) {
    got = read(peer, answer + size, sizeof answer - 1 - size);
  }
  answer[size] = '\0';
  int status = 0;
  const char *end = strstr(answer, "\r\n\r\n");
  if (sscanf(answer, "HTTP/1.1 %d", &status) != 1 || end == NULL) return TRY_AGAIN;
  fputs(end + 4, stdout);
  return status / 100 == 2 ? 0 : status == 429 || status >= 500 ? TRY_AGAIN : REFUSED;
}
