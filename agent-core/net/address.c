/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "net/address.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>
#include <sys/un.h>

#define UNIX_PREFIX "unix:"
#define PATH_MAX_LENGTH (sizeof(((struct sockaddr_un *) 0)->sun_path) - 1)
#define PORT_DIGITS_MAX 5
#define PORT_MAX 65535
#define ESCAPE_SIZE 5 /* \xff and the NUL */

G_DEFINE_QUARK(cd - net - error - quark, cd_net_error)

static GSocketAddress *
_refuse(const gchar *text, const gchar *why, GError **error)
{
  g_set_error(error, CD_NET_ERROR, CD_NET_ERROR_ADDRESS, "%s: %s", text, why);
  return NULL;
}

static GSocketAddress *
_parse_path(const gchar *text, GError **error)
{
  const gchar *path = text + strlen(UNIX_PREFIX);

  if (*path == '\0')
    return _refuse(text, "a path must follow", error);
  if (*path == '@')
    return _refuse(text, "an abstract name has no owner and no mode; give the path of a file",
                   error);
  if (strlen(path) > PATH_MAX_LENGTH)
    return _refuse(text, "this path is too long for a socket, which takes 107 bytes", error);
  return g_unix_socket_address_new(path);
}

static gboolean
_parse_port(const gchar *text, guint *port)
{
  gsize length = strlen(text);
  guint64 number;

  if (length == 0 || length > PORT_DIGITS_MAX || strspn(text, "0123456789") != length)
    return FALSE;
  number = g_ascii_strtoull(text, NULL, 10);
  *port = (guint) number;
  return number <= PORT_MAX;
}

/* An IPv6 address has colons of its own, and therefore brackets. */
static gchar *
_get_host(const gchar *text, const gchar *colon)
{
  gsize length = (gsize) (colon - text);

  if (text[0] != '[')
    return memchr(text, ':', length) ? NULL : g_strndup(text, length);
  return colon[-1] == ']' ? g_strndup(text + 1, length - 2) : NULL;
}

GSocketAddress *
cd_address_parse(const gchar *text, GError **error)
{
  const gchar *colon = strrchr(text, ':');
  g_autofree gchar *host = NULL;
  GSocketAddress *address = NULL;
  guint port;

  if (g_str_has_prefix(text, UNIX_PREFIX))
    return _parse_path(text, error);
  host = colon && colon > text ? _get_host(text, colon) : NULL;
  if (!host || !_parse_port(colon + 1, &port))
    return _refuse(text, "not HOST:PORT, [IPV6]:PORT or unix:PATH", error);
  if ((text[0] == '[') == (strchr(host, ':') != NULL))
    address = g_inet_socket_address_new_from_string(host, port);
  return address ? address : _refuse(text, "the host must be an IP address", error);
}

static void
_format_ipv6(GInetSocketAddress *address, const gchar *host, gchar *text)
{
  const guint port = g_inet_socket_address_get_port(address);
  const guint scope = g_inet_socket_address_get_scope_id(address);

  if (scope)
    g_snprintf(text, CD_ADDRESS_SIZE, "[%s%%%u]:%u", host, scope, port);
  else
    g_snprintf(text, CD_ADDRESS_SIZE, "[%s]:%u", host, port);
}

/* GLib makes an IPv4 address of one that is within an IPv6 one. */
static void
_format_inet(GInetSocketAddress *address, gchar *text)
{
  g_autofree gchar *host = g_inet_address_to_string(g_inet_socket_address_get_address(address));

  if (g_socket_address_get_family(G_SOCKET_ADDRESS(address)) == G_SOCKET_FAMILY_IPV6)
    _format_ipv6(address, host, text);
  else
    g_snprintf(text, CD_ADDRESS_SIZE, "%s:%u", host, g_inet_socket_address_get_port(address));
}

/* A backslash, too, so that what is written has but one meaning. */
static void
_append_escaped(gchar *text, const gchar *bytes, gsize length)
{
  gsize at = strlen(text);

  for (gsize i = 0; i < length && at + ESCAPE_SIZE <= CD_ADDRESS_SIZE; i++)
    {
      const guchar byte = (guchar) bytes[i];

      if (byte > 0x20 && byte < 0x7f && byte != '\\')
        text[at++] = (gchar) byte;
      else
        at += (gsize) g_snprintf(text + at, ESCAPE_SIZE, "\\x%02x", byte);
    }
  text[at] = '\0';
}

static void
_format_path(GUnixSocketAddress *address, gchar *text)
{
  const GUnixSocketAddressType type = g_unix_socket_address_get_address_type(address);
  const gboolean is_abstract = type == G_UNIX_SOCKET_ADDRESS_ABSTRACT
                               || type == G_UNIX_SOCKET_ADDRESS_ABSTRACT_PADDED;

  g_strlcpy(text, is_abstract ? UNIX_PREFIX "@" : UNIX_PREFIX, CD_ADDRESS_SIZE);
  _append_escaped(text, g_unix_socket_address_get_path(address),
                  g_unix_socket_address_get_path_len(address));
}

void
cd_address_format(GSocketAddress *address, gchar text[CD_ADDRESS_SIZE])
{
  if (G_IS_UNIX_SOCKET_ADDRESS(address))
    _format_path(G_UNIX_SOCKET_ADDRESS(address), text);
  else if (G_IS_INET_SOCKET_ADDRESS(address))
    _format_inet(G_INET_SOCKET_ADDRESS(address), text);
  else
    g_strlcpy(text, "unknown", CD_ADDRESS_SIZE);
}

gboolean
cd_address_is_local(GSocketAddress *address)
{
  if (!G_IS_INET_SOCKET_ADDRESS(address))
    return G_IS_UNIX_SOCKET_ADDRESS(address);
  return g_inet_address_get_is_loopback(
    g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(address)));
}
