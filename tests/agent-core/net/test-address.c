/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "net/address.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

#define TWENTY_BYTES "01234567890123456789"
#define LONGEST_PATH "/" TWENTY_BYTES TWENTY_BYTES TWENTY_BYTES TWENTY_BYTES TWENTY_BYTES "123456"

static void
test_what_is_read_is_written_the_same(void)
{
  static const gchar *const texts[] = {
    "127.0.0.1:0",  "0.0.0.0:65535",        "[::1]:2",
    "[::]:2",       "[fe80::1%7]:2",        "unix:/run/coder.sock",
    "unix:a",       "unix:relative/socket", "unix:/a:b",
    "10.1.2.3:443", "unix:" LONGEST_PATH,
  };

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GSocketAddress) address = cd_address_parse(texts[i], &error);
      gchar text[CD_ADDRESS_SIZE];

      g_assert_no_error(error);
      cd_address_format(address, text);
      g_assert_cmpstr(text, ==, texts[i]);
    }
}

static void
test_what_is_no_address_is_refused(void)
{
  static const gchar *const texts[] = {
    "",
    ":",
    ":2",
    "2",
    "127.0.0.1",
    "127.0.0.1:",
    "127.0.0.1:x",
    "127.0.0.1:-1",
    "127.0.0.1:+1",
    "127.0.0.1: 1",
    "127.0.0.1:65536",
    "127.0.0.1:000002",
    "127.0.0.1:18446744073709551618",
    "127.0.0:2",
    "localhost:2",
    "::1:2",
    "[]:2",
    "[::1]",
    "[::1:2",
    "::1]:2",
    "[::1]2",
    "[127.0.0.1]:2",
    "[",
    "[:2",
    "unix:",
    "unix:@abstract",
    "unix:" LONGEST_PATH "7",
  };

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null(cd_address_parse(texts[i], &error));
      g_assert_error(error, CD_NET_ERROR, CD_NET_ERROR_ADDRESS);
      g_assert_true(g_str_has_prefix(error->message, texts[i]));
    }
}

static void
_assert_text(GSocketAddress *address, const gchar *expected)
{
  gchar text[CD_ADDRESS_SIZE];

  cd_address_format(address, text);
  g_assert_cmpstr(text, ==, expected);
}

static void
test_an_ipv4_address_in_ipv6_is_written_as_itself(void)
{
  g_autoptr(GSocketAddress) address = cd_address_parse("[::ffff:10.0.0.1]:7", NULL);

  _assert_text(address, "10.0.0.1:7");
}

static void
test_names_of_peers_are_safe_to_log(void)
{
  g_autoptr(GSocketAddress)
    nameless = g_unix_socket_address_new_with_type("", 0, G_UNIX_SOCKET_ADDRESS_ANONYMOUS);
  g_autoptr(GSocketAddress) wild = g_unix_socket_address_new("/a\nb\x1b[1m \\\xc3\xa4");
  g_autoptr(GSocketAddress)
    abstract = g_unix_socket_address_new_with_type("x\0y", 3, G_UNIX_SOCKET_ADDRESS_ABSTRACT);

  _assert_text(nameless, "unix:");
  _assert_text(wild, "unix:/a\\x0ab\\x1b[1m\\x20\\x5c\\xc3\\xa4");
  _assert_text(abstract, "unix:@x\\x00y");
}

static void
test_a_name_that_is_too_long_is_cut(void)
{
  g_autofree gchar *path = g_strnfill(100, '\n');
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
  gchar text[CD_ADDRESS_SIZE];

  cd_address_format(address, text);
  g_assert_cmpuint(strlen(text), <, CD_ADDRESS_SIZE);
  g_assert_true(g_str_has_suffix(text, "\\x0a\\x0a"));
}

static void
test_local_is_what_only_this_machine_reaches(void)
{
  static const struct
  {
    const gchar *text;
    gboolean is_local;
  } rows[] = {
    { "127.0.0.1:2", TRUE },    { "127.255.0.9:2", TRUE },        { "[::1]:2", TRUE },
    { "unix:/a", TRUE },        { "[::ffff:127.0.0.1]:2", TRUE }, { "0.0.0.0:2", FALSE },
    { "[::]:2", FALSE },        { "10.0.0.1:2", FALSE },          { "[fe80::1%1]:2", FALSE },
    { "169.254.0.1:2", FALSE }, { "[::ffff:10.0.0.1]:2", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    {
      g_autoptr(GSocketAddress) address = cd_address_parse(rows[i].text, NULL);

      g_test_message("%s", rows[i].text);
      g_assert_cmpint(cd_address_is_local(address), ==, rows[i].is_local);
    }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/address/what-is-read-is-written-the-same",
                  test_what_is_read_is_written_the_same);
  g_test_add_func("/address/what-is-no-address-is-refused", test_what_is_no_address_is_refused);
  g_test_add_func("/address/an-ipv4-address-in-ipv6-is-written-as-itself",
                  test_an_ipv4_address_in_ipv6_is_written_as_itself);
  g_test_add_func("/address/names-of-peers-are-safe-to-log", test_names_of_peers_are_safe_to_log);
  g_test_add_func("/address/a-name-that-is-too-long-is-cut", test_a_name_that_is_too_long_is_cut);
  g_test_add_func("/address/local-is-what-only-this-machine-reaches",
                  test_local_is_what_only_this_machine_reaches);
  return g_test_run();
}
