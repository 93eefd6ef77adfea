/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/target-uri.h"

#include "emit/target.h"

#include <sys/stat.h>
#include <sys/un.h>

#define PATH_MAX_BYTES (sizeof(((struct sockaddr_un *) NULL)->sun_path) - 1)
#define NAME_MAX_BYTES 253
#define LABEL_MAX_BYTES 63
#define PORT_MAX 65535

#define JOURNALD_PATH "/run/systemd/journal/socket"
#define LOG_PATH "/dev/log"

typedef struct _Scheme Scheme;

struct _Scheme
{
  const gchar *name;
  const gchar *form;
  /* What is wrong, %NULL for nothing. */
  const gchar *(*read_rest)(CdTargetUri *self, const gchar *rest);
};

static const gchar *
_read_path(CdTargetUri *self, const gchar *rest)
{
  if (!*rest)
    return "the path is missing";
  if (*rest != '/')
    return "the path must begin with /";
  if (strlen(rest) > PATH_MAX_BYTES)
    return "the path has more than 107 bytes, which no socket's may";
  for (const gchar *c = rest; *c; c++)
    if (g_ascii_iscntrl(*c))
      return "a control character stands in the path";
  self->path = g_strdup(rest);
  return NULL;
}

static const gchar *
_read_journald(CdTargetUri *self, const gchar *rest)
{
  return _read_path(self, *rest ? rest : JOURNALD_PATH);
}

static const gchar *
_read_nothing(CdTargetUri *self, const gchar *rest)
{
  return *rest ? "nothing may stand behind the colon" : NULL;
}

static const gchar *
_read_port(CdTargetUri *self, const gchar *port)
{
  guint64 number;

  if (!*port)
    return "the port is missing";
  if (!g_ascii_string_to_unsigned(port, 10, 1, PORT_MAX, &number, NULL) || *port == '0')
    return "the port is no number from 1 to 65535";
  self->port = (guint16) number;
  return NULL;
}

static const gchar *
_check_name_bytes(const gchar *host)
{
  if (strlen(host) > NAME_MAX_BYTES)
    return "the name has more than 253 bytes";
  for (; *host; host++)
    if (*host == '@')
      return "a user's name and password have no place in it";
    else if (!g_ascii_isalnum(*host) && !strchr("-._", *host))
      return "the name may have letters, digits, -, . and _ alone (a foreign one as xn--...)";
  return NULL;
}

static const gchar *
_check_labels(const gchar *host)
{
  g_auto(GStrv) labels = g_strsplit(host, ".", -1);
  guint n = g_strv_length(labels);
  const gchar *last;

  if (n > 1 && !*labels[n - 1])
    n--;
  for (guint i = 0; i < n; i++)
    if (!*labels[i] || strlen(labels[i]) > LABEL_MAX_BYTES)
      return "each part of the name must have 1 to 63 bytes";
  last = labels[n - 1];
  if (strspn(last, "0123456789") == strlen(last) && !g_hostname_is_ip_address(host))
    return "that is no IPv4 address";
  return NULL;
}

static const gchar *
_read_name(CdTargetUri *self, const gchar *rest, const gchar *colon)
{
  const gchar *wrong;

  if (colon == rest)
    return "the host is missing";
  if (strchr(colon + 1, ':'))
    return "an IPv6 address stands in brackets, and one port behind it";
  self->host = g_strndup(rest, (gsize) (colon - rest));
  if ((wrong = _check_name_bytes(self->host)) || (wrong = _check_labels(self->host)))
    return wrong;
  return _read_port(self, colon + 1);
}

static gboolean
_is_ipv6(const gchar *host)
{
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string(host, 1);

  return address && g_socket_address_get_family(address) == G_SOCKET_FAMILY_IPV6;
}

static const gchar *
_read_bracketed(CdTargetUri *self, const gchar *rest)
{
  const gchar *end = strchr(rest, ']');

  if (!end)
    return "the bracket is not closed";
  self->host = g_strndup(rest + 1, (gsize) (end - rest - 1));
  if (!_is_ipv6(self->host))
    return "what stands in the brackets is no IPv6 address";
  if (end[1] != ':')
    return end[1] ? "a colon and the port must stand behind the bracket" : "the port is missing";
  return _read_port(self, end + 2);
}

static const gchar *
_read_host(CdTargetUri *self, const gchar *rest)
{
  const gchar *colon = strchr(rest, ':');

  if (!*rest)
    return "the host is missing";
  if (g_str_has_prefix(rest, "//"))
    return "no // stands before the host";
  if (*rest == '[')
    return _read_bracketed(self, rest);
  return colon ? _read_name(self, rest, colon) : "the port is missing";
}

static const Scheme schemes[] = {
  [CD_TARGET_UNIX_DGRAM] = { "unix-dgram", "unix-dgram:PATH", _read_path },
  [CD_TARGET_UNIX_STREAM] = { "unix-stream", "unix-stream:PATH", _read_path },
  [CD_TARGET_UDP] = { "udp", "udp:HOST:PORT", _read_host },
  [CD_TARGET_TCP] = { "tcp", "tcp:HOST:PORT", _read_host },
  [CD_TARGET_TLS] = { "tls", "tls:HOST:PORT", _read_host },
  [CD_TARGET_JOURNALD] = { "journald", "journald:[PATH]", _read_journald },
  [CD_TARGET_STDERR] = { "stderr", "stderr:", _read_nothing },
};
G_STATIC_ASSERT(G_N_ELEMENTS(schemes) == CD_N_TARGET_SCHEMES);

const gchar *
cd_target_scheme_get_name(CdTargetScheme scheme)
{
  return schemes[scheme].name;
}

/* Returns: what stands behind the colon, %NULL where the URI has another scheme. */
static const gchar *
_match(const Scheme *scheme, const gchar *text)
{
  gsize length = strlen(scheme->name);

  return strncmp(text, scheme->name, length) == 0 && text[length] == ':' ? text + length + 1 : NULL;
}

static gboolean
_refuse_scheme(const gchar *text, GError **error)
{
  g_autoptr(GString) forms = g_string_new(NULL);

  for (guint i = 0; i < G_N_ELEMENTS(schemes); i++)
    g_string_append_printf(forms, "%s%s", i ? ", " : "", schemes[i].form);
  g_set_error(error, CD_TARGET_ERROR, CD_TARGET_ERROR_URI,
              "no target begins as \"%s\" does; there are %s", text, forms->str);
  return FALSE;
}

static gboolean
_read_as(CdTargetUri *self, CdTargetScheme scheme, const gchar *rest, GError **error)
{
  const gchar *wrong = schemes[scheme].read_rest(self, rest);

  self->scheme = scheme;
  if (!wrong)
    return TRUE;
  g_set_error(error, CD_TARGET_ERROR, CD_TARGET_ERROR_URI, "\"%s\" is not as %s: %s", self->text,
              schemes[scheme].form, wrong);
  cd_target_uri_clear(self);
  return FALSE;
}

gboolean
cd_target_uri_read(CdTargetUri *self, const gchar *text, GError **error)
{
  *self = (CdTargetUri) { 0 };
  for (guint i = 0; i < G_N_ELEMENTS(schemes); i++)
    {
      const gchar *rest = _match(&schemes[i], text);
      if (!rest)
        continue;
      self->text = g_strdup(text);
      return _read_as(self, i, rest, error);
    }
  return _refuse_scheme(text, error);
}

void
cd_target_uri_clear(CdTargetUri *self)
{
  g_free(self->text);
  g_free(self->path);
  g_free(self->host);
  *self = (CdTargetUri) { 0 };
}

static gboolean
_is_socket(const gchar *path)
{
  struct stat status;

  return stat(path, &status) == 0 && S_ISSOCK(status.st_mode);
}

const gchar *const *
cd_target_get_default_uris(void)
{
  static const gchar *const to_log[] = { "unix-dgram:" LOG_PATH, NULL };
  static const gchar *const to_stderr[] = { "stderr:", NULL };

  return _is_socket(LOG_PATH) ? to_log : to_stderr;
}
