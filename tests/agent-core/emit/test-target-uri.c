/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/target-uri.h"

#include "../../support/unit.h"
#include "emit/target.h"

#include <sys/stat.h>

#define TEN(c) c c c c c c c c c c
#define HUNDRED(c) TEN(TEN(c))
#define OF_63(c) TEN(c) TEN(c) TEN(c) TEN(c) TEN(c) TEN(c) c c c

typedef struct _Row
{
  const gchar *name;
  const gchar *uri;
  const gchar *expected; /* scheme, path, host, port; or what the message has */
} Row;

/* clang-format off */
static const Row good[] = {
  { "unix-dgram", "unix-dgram:/dev/log", "unix-dgram /dev/log - 0" },
  { "unix-stream", "unix-stream:/run/log", "unix-stream /run/log - 0" },
  { "path with a colon", "unix-stream:/run/a:b", "unix-stream /run/a:b - 0" },
  { "path with a blank", "unix-dgram:/run/a b", "unix-dgram /run/a b - 0" },
  { "path of UTF-8", "unix-dgram:/run/\xc3\xa4", "unix-dgram /run/\xc3\xa4 - 0" },
  { "longest path", "unix-dgram:/" HUNDRED("a") "123456",
    "unix-dgram /" HUNDRED("a") "123456 - 0" },
  { "udp with a name", "udp:log.example.com:514", "udp - log.example.com 514" },
  { "udp with an address", "udp:192.0.2.1:514", "udp - 192.0.2.1 514" },
  { "tcp", "tcp:localhost:601", "tcp - localhost 601" },
  { "lowest port", "tcp:h:1", "tcp - h 1" },
  { "highest port", "tcp:h:65535", "tcp - h 65535" },
  { "name with a final dot", "tcp:log.example.com.:601", "tcp - log.example.com. 601" },
  { "name with hyphen and underscore", "tcp:a-b_c.d:601", "tcp - a-b_c.d 601" },
  { "name that begins with a digit", "tcp:1a.example:601", "tcp - 1a.example 601" },
  { "longest label", "tcp:" OF_63("a") ".b:601", "tcp - " OF_63("a") ".b 601" },
  { "tls", "tls:log.example.com:6514", "tls - log.example.com 6514" },
  { "IPv6", "tls:[2001:db8::1]:6514", "tls - 2001:db8::1 6514" },
  { "IPv6 loopback", "udp:[::1]:514", "udp - ::1 514" },
  { "journald", "journald:", "journald /run/systemd/journal/socket - 0" },
  { "journald with a path", "journald:/tmp/j", "journald /tmp/j - 0" },
  { "stderr", "stderr:", "stderr - - 0" },
};

static const Row bad[] = {
  { "empty", "", "no target begins as \"\" does; there are unix-dgram:PATH, unix-stream:PATH, "
                 "udp:HOST:PORT, tcp:HOST:PORT, tls:HOST:PORT, journald:[PATH], stderr:" },
  { "unknown scheme", "http://h", "no target begins as \"http://h\" does" },
  { "upper case", "TCP:h:1", "no target begins as \"TCP:h:1\" does" },
  { "scheme without colon", "stderr", "no target begins" },
  { "prefix of a scheme", "unix:/dev/log", "no target begins" },
  { "path alone", "/dev/log", "no target begins" },
  { "no path", "unix-dgram:", "\"unix-dgram:\" is not as unix-dgram:PATH: the path is missing" },
  { "relative path", "unix-stream:run/log", "the path must begin with /" },
  { "long path", "unix-dgram:/" HUNDRED("a") "1234567", "more than 107 bytes" },
  { "newline in the path", "unix-dgram:/run/a\nb", "a control character" },
  { "journald with a relative path", "journald:socket", "not as journald:[PATH]: the path must" },
  { "stderr with more", "stderr:x", "nothing may stand behind the colon" },
  { "no host", "tcp:", "the host is missing" },
  { "empty host", "tcp::601", "the host is missing" },
  { "slashes", "tcp://h:601", "no // stands before the host" },
  { "no port", "tcp:h", "the port is missing" },
  { "empty port", "udp:h:", "the port is missing" },
  { "port 0", "tcp:h:0", "the port is no number from 1 to 65535" },
  { "port over the range", "tcp:h:65536", "the port is no number from 1 to 65535" },
  { "port with a name", "tcp:h:syslog", "the port is no number" },
  { "port with a sign", "tcp:h:+1", "the port is no number" },
  { "port with a leading zero", "tcp:h:0601", "the port is no number" },
  { "port with a path", "tcp:h:601/x", "the port is no number" },
  { "port with a blank", "tcp:h: 601", "the port is no number" },
  { "IPv6 without brackets", "tcp:2001:db8::1:601", "an IPv6 address stands in brackets" },
  { "open bracket", "tcp:[::1:601", "the bracket is not closed" },
  { "IPv4 in brackets", "tcp:[127.0.0.1]:601", "no IPv6 address" },
  { "nothing in brackets", "tcp:[]:601", "no IPv6 address" },
  { "name in brackets", "tcp:[localhost]:601", "no IPv6 address" },
  { "brackets without port", "tcp:[::1]", "the port is missing" },
  { "brackets with an empty port", "tcp:[::1]:", "the port is missing" },
  { "text behind the bracket", "tcp:[::1]x:601", "a colon and the port must stand" },
  { "user", "tls:user@h:601", "a user's name and password have no place" },
  { "user and password", "tls:user:secret@h:601", "brackets" },
  { "blank in the name", "tcp:a b:601", "the name may have letters" },
  { "foreign name", "tcp:b\xc3\xbc" "cher.example:601", "a foreign one as xn--" },
  { "empty label", "tcp:a..b:601", "each part of the name must have 1 to 63 bytes" },
  { "dot alone", "tcp:.:601", "each part of the name" },
  { "leading dot", "tcp:.a:601", "each part of the name" },
  { "long label", "tcp:" OF_63("a") "a.b:601", "each part of the name" },
  { "long name", "tcp:" HUNDRED("a.") TEN("a.") TEN("a.") TEN("a.") "abcd:601",
    "more than 253 bytes" },
  { "short address", "tcp:127.1:601", "that is no IPv4 address" },
  { "address out of range", "tcp:256.0.0.1:601", "that is no IPv4 address" },
  { "number", "tcp:80:601", "that is no IPv4 address" },
};
/* clang-format on */

static const gchar *
_or_dash(const gchar *text)
{
  return text ? text : "-";
}

static void
test_good(gconstpointer data)
{
  const Row *row = data;
  CdTargetUri uri;
  g_autoptr(GError) error = NULL;
  g_autofree gchar *actual = NULL;

  g_assert_true(cd_target_uri_read(&uri, row->uri, &error));
  g_assert_no_error(error);
  actual = g_strdup_printf("%s %s %s %u", cd_target_scheme_get_name(uri.scheme), _or_dash(uri.path),
                           _or_dash(uri.host), uri.port);
  g_assert_cmpstr(actual, ==, row->expected);
  g_assert_cmpstr(uri.text, ==, row->uri);
  cd_target_uri_clear(&uri);
}

static void
test_bad(gconstpointer data)
{
  const Row *row = data;
  CdTargetUri uri;
  g_autoptr(GError) error = NULL;

  g_assert_false(cd_target_uri_read(&uri, row->uri, &error));
  g_assert_error(error, CD_TARGET_ERROR, CD_TARGET_ERROR_URI);
  if (!strstr(error->message, row->expected) || !strstr(error->message, row->uri))
    g_error("%s: %s", row->name, error->message);
  g_assert_null(uri.text);
  g_assert_null(uri.path);
  g_assert_null(uri.host);
}

static void
test_default(void)
{
  const gchar *const *uris = cd_target_get_default_uris();
  struct stat status;
  gboolean has_log = stat("/dev/log", &status) == 0 && S_ISSOCK(status.st_mode);

  g_assert_cmpstr(uris[0], ==, has_log ? "unix-dgram:/dev/log" : "stderr:");
  g_assert_null(uris[1]);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_rows("/target-uri/good", good, test_good);
  unit_add_rows("/target-uri/bad", bad, test_bad);
  g_test_add_func("/target-uri/default", test_default);
  return g_test_run();
}
