/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "settings.h"

#include "descriptor.h"

#include "disconnect/detail.h"
#include "net/default-address.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#define PROGRAM "coder-pty"
#define UNIX "unix:"

static CdSettings settings = {
  .frame = { .command = "", .container = "", .container_user = "", .backend = "" },
};
static gchar **addresses;
static gboolean detach_at_eof;
static gboolean wait_at_eof;

/* As file names, since a text would have to be in the locale's encoding. */
static const GOptionEntry entries[] = {
  { "id", 'i', 0, G_OPTION_ARG_FILENAME, &settings.frame.id,
    "Session to come back to, or to begin [a new one]", "UUID" },
  { "command", 'c', 0, G_OPTION_ARG_FILENAME, &settings.frame.command,
    "What a new session runs [the shell]", "COMMAND" },
  { "backend", 'b', 0, G_OPTION_ARG_FILENAME, &settings.frame.backend,
    "How a new session is kept: auto, buffered, screen, terminal", "NAME" },
  { "container", 0, 0, G_OPTION_ARG_FILENAME, &settings.frame.container,
    "Container that a new session runs in", "NAME" },
  { "container-user", 0, 0, G_OPTION_ARG_FILENAME, &settings.frame.container_user,
    "User there [the container's own]", "NAME" },
  { "detach-key", 0, 0, G_OPTION_ARG_FILENAME, &settings.detach_key,
    "Key that leaves the session, ^A to ^_, or none [^]]", "KEY" },
  { "detach-at-eof", 0, 0, G_OPTION_ARG_NONE, &detach_at_eof,
    "Leave when standard input, no terminal, has come to its end", NULL },
  { "wait-at-eof", 0, 0, G_OPTION_ARG_NONE, &wait_at_eof, "Do nothing then, not even type Ctrl-D",
    NULL },
  { "version", 0, 0, G_OPTION_ARG_NONE, &settings.show_version, "Print the version", NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &addresses, NULL, "[ADDRESS]" },
  { NULL },
};

static const gchar description[] =
  "Address:\n"
  "  HOST:PORT, [IPV6]:PORT or unix:PATH; where coder-agentd listens by default, if there is none\n"
  "\n"
  "Exit status: 0 the agent closed or the user detached, 1 it broke, 2 wrong use.\n";

/* A terminal that takes nothing must not hold up the end. */
static void
_write_error(const GString *line)
{
  gint fd = cd_descriptor_open_own(STDERR_FILENO, O_WRONLY);

  if (cd_descriptor_write(fd, line->str, line->len) < 0)
    g_debug("standard error: %s", g_strerror(errno));
  close(fd);
}

void
cd_settings_say(const gchar *format, ...)
{
  g_autoptr(GString) clean = g_string_new(NULL);
  g_autofree gchar *message = NULL;
  va_list args;

  va_start(args, format);
  message = g_strdup_vprintf(format, args);
  va_end(args);
  g_string_assign(clean, PROGRAM ": ");
  cd_detail_append(clean, cd_text_from_string(message));
  g_string_append_c(clean, '\n');
  _write_error(clean);
}

static gboolean
_parse(gchar ***argv)
{
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);
  g_autoptr(GError) error = NULL;

  g_set_prgname(PROGRAM);
  g_option_context_set_summary(context,
                               "Attaches this terminal to a session of a Coder workspace agent.");
  g_option_context_set_description(context, description);
  g_option_context_add_main_entries(context, entries, NULL);
  if (g_option_context_parse_strv(context, argv, &error))
    return TRUE;
  cd_settings_say("%s", error->message);
  return FALSE;
}

/* --- the address ------------------------------------------------------------------------------ */

static GSocketConnectable *
_parse_path(const gchar *path)
{
  if (!*path || strlen(path) >= sizeof(((struct sockaddr_un *) NULL)->sun_path))
    return NULL;
  return G_SOCKET_CONNECTABLE(g_unix_socket_address_new(path));
}

static GSocketConnectable *
_parse_host(const gchar *text)
{
  GSocketConnectable *where = g_network_address_parse(text, 0, NULL);

  if (where && g_network_address_get_port(G_NETWORK_ADDRESS(where)) == 0)
    g_clear_object(&where);
  return where;
}

static gboolean
_take_address(void)
{
  settings.is_default = !addresses;
  settings.address = addresses ? addresses[0] : cd_default_address(geteuid(), "pty");
  if (addresses && addresses[1])
    {
      cd_settings_say("%s: only one address", addresses[1]);
      return FALSE;
    }
  settings.where = g_str_has_prefix(settings.address, UNIX)
                     ? _parse_path(settings.address + strlen(UNIX))
                     : _parse_host(settings.address);
  if (!settings.where)
    cd_settings_say("%s: allowed: HOST:PORT, [IPV6]:PORT, unix:PATH", settings.address);
  return settings.where != NULL;
}

/* --- the session ------------------------------------------------------------------------------ */

static gboolean
_is_backend(const gchar *name)
{
  static const gchar *const names[] = { "", "auto", "buffered", "screen", "terminal", NULL };

  return g_strv_contains(names, name);
}

static gboolean
_is_text(void)
{
  return g_utf8_validate(settings.frame.command, -1, NULL)
         && g_utf8_validate(settings.frame.container, -1, NULL)
         && g_utf8_validate(settings.frame.container_user, -1, NULL);
}

static gboolean
_fits(void)
{
  g_autoptr(GString) out = g_string_new(NULL);
  CdFrame widest = settings.frame;

  widest.rows = widest.columns = G_MAXUINT16;
  return cd_frame_append(&widest, out);
}

static gboolean
_take_session(void)
{
  CdFrame *frame = &settings.frame;

  if (!frame->id)
    frame->id = g_uuid_string_random();
  if (!g_uuid_string_is_valid(frame->id))
    cd_settings_say("--id=%s: no UUID", frame->id);
  else if (!_is_backend(frame->backend))
    cd_settings_say("--backend=%s: allowed: auto, buffered, screen, terminal", frame->backend);
  else if (*frame->container_user && !*frame->container)
    cd_settings_say("--container-user needs --container");
  else if (!_is_text())
    cd_settings_say("the command and the container's names have to be UTF-8");
  else if (!_fits())
    cd_settings_say("the command is too long: the protocol has room for 64 KiB");
  else
    return TRUE;
  return FALSE;
}

static gboolean
_take_rest(void)
{
  if (!settings.detach_key)
    settings.detach_key = g_strdup("^]");
  settings.at_eof = detach_at_eof ? CD_AT_EOF_DETACH : wait_at_eof ? CD_AT_EOF_WAIT : CD_AT_EOF_END;
  if (!cd_detach_key_parse(settings.detach_key, &settings.key))
    cd_settings_say("--detach-key=%s: allowed: ^A to ^Z, ^@, ^[, ^\\, ^], ^^, ^_, none",
                    settings.detach_key);
  else if (detach_at_eof && wait_at_eof)
    cd_settings_say("only one of --detach-at-eof and --wait-at-eof");
  else
    return TRUE;
  return FALSE;
}

const CdSettings *
cd_settings_parse(gchar **argv)
{
  g_auto(GStrv) arguments = g_strdupv(argv);

  if (_parse(&arguments)
      && (settings.show_version || (_take_address() && _take_session() && _take_rest())))
    return &settings;
  fputs("See: " PROGRAM " --help\n", stderr);
  return NULL;
}
