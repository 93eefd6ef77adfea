/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "settings.h"

#include "closing.h"

#include "disconnect/detail.h"

#include <stdio.h>
#include <sys/stat.h>

#define PROGRAM "coder-emit"
#define LOG_SOCKET "/dev/log"

/* Seconds; a day is longer than any script should wait. */
#define WAIT_DEFAULT 10
#define WAIT_MAX 86400

static CdSettings settings = { .wait = WAIT_DEFAULT, .pen = CD_PEN };

static const GOptionEntry entries[] = {
  { "syslog", 's', 0, G_OPTION_ARG_STRING_ARRAY, &settings.uris,
    "Where records go; may be repeated [unix-dgram:/dev/log, else stderr:]", "URI" },
  { "state-dir", 'd', 0, G_OPTION_ARG_FILENAME, &settings.folder,
    "Keep records there until they have arrived", "DIR" },
  { "wait", 'w', 0, G_OPTION_ARG_INT, &settings.wait,
    "Wait so long for the targets [10]; 0 leaves it to a later run", "SECONDS" },
  { "stdin", 'i', 0, G_OPTION_ARG_NONE, &settings.from_stdin,
    "Read one JSON object a line, each a record", NULL },
  { "flush", 'f', 0, G_OPTION_ARG_NONE, &settings.flush,
    "Send what an earlier run left in the state folder", NULL },
  { "host", 0, 0, G_OPTION_ARG_STRING, &settings.host, "HOSTNAME in the messages", "NAME" },
  { "app-name", 0, 0, G_OPTION_ARG_STRING, &settings.app_name,
    "APP-NAME in the messages [coder-emit]", "NAME" },
  { "pen", 0, 0, G_OPTION_ARG_INT, &settings.pen, "Enterprise number behind coder@", "NUMBER" },
  { "tls-ca", 0, 0, G_OPTION_ARG_FILENAME, &settings.tls.authority,
    "Certificates to trust for tls: [the system's]", "FILE" },
  { "tls-cert", 0, 0, G_OPTION_ARG_FILENAME, &settings.tls.certificate, "Our certificate", "FILE" },
  { "tls-key", 0, 0, G_OPTION_ARG_FILENAME, &settings.tls.key, "Its key", "FILE" },
  { "tls-name", 0, 0, G_OPTION_ARG_STRING, &settings.tls.server_name,
    "The name in the server's certificate [the URI's]", "NAME" },
  { "version", 0, 0, G_OPTION_ARG_NONE, &settings.show_version, "Print the version", NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &settings.pairs, NULL, "KEY=VALUE..." },
  { NULL },
};

#define TARGETS                                                                                    \
  "Targets:\n"                                                                                     \
  "  unix-dgram:PATH, unix-stream:PATH, udp:HOST:PORT, tcp:HOST:PORT, tls:HOST:PORT, journald:,\n" \
  "  stderr:\n\n"

CdExit
cd_settings_wrong_use(const gchar *format, ...)
{
  g_autoptr(GString) clean = g_string_new(NULL);
  g_autofree gchar *message = NULL;
  va_list args;

  va_start(args, format);
  message = g_strdup_vprintf(format, args);
  va_end(args);
  cd_detail_append(clean, cd_text_from_string(message));
  fprintf(stderr, PROGRAM ": %s\nSee: " PROGRAM " --help\n", clean->str);
  return CD_EXIT_WRONG_USE;
}

static gboolean
_parse(gchar ***argv)
{
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);
  g_autoptr(GError) error = NULL;
  g_autofree gchar *keys = cd_closing_describe_keys();
  g_autofree gchar *description = g_strconcat(
    TARGETS, keys,
    "\nExit status: 0 every target has it, 1 not all have, 2 wrong use.\n"
    "Nothing is sent when a key or a value is wrong.\n",
    NULL);

  g_set_prgname(PROGRAM);
  g_option_context_set_summary(context,
                               "Writes the closing record of a connection as an RFC 5424 message.");
  g_option_context_set_description(context, description);
  g_option_context_add_main_entries(context, entries, NULL);
  if (g_option_context_parse_strv(context, argv, &error))
    return TRUE;
  cd_settings_wrong_use("%s", error->message);
  return FALSE;
}

static gboolean
_is_socket(const gchar *path)
{
  struct stat status;

  return stat(path, &status) == 0 && S_ISSOCK(status.st_mode);
}

static void
_set_defaults(void)
{
  static gchar *to_log[] = { "unix-dgram:" LOG_SOCKET, NULL };
  static gchar *to_stderr[] = { "stderr:", NULL };
  static gchar *no_pairs[] = { NULL };

  if (!settings.uris)
    settings.uris = _is_socket(LOG_SOCKET) ? to_log : to_stderr;
  if (!settings.app_name)
    settings.app_name = PROGRAM;
  if (!settings.pairs)
    settings.pairs = no_pairs;
}

static gboolean
_check(void)
{
  guint n_sources = (settings.pairs[0] != NULL) + settings.from_stdin + settings.flush;

  if (settings.show_version)
    return TRUE;
  if (n_sources == 0)
    cd_settings_wrong_use("no record: give KEY=VALUE..., --stdin or --flush");
  else if (n_sources > 1)
    cd_settings_wrong_use("only one of KEY=VALUE..., --stdin and --flush");
  else if (settings.flush && !settings.folder)
    cd_settings_wrong_use("--flush needs --state-dir");
  else if (settings.wait < 0 || settings.wait > WAIT_MAX)
    cd_settings_wrong_use("--wait=%d: allowed: 0 to %d seconds", settings.wait, WAIT_MAX);
  else if (settings.pen <= 0)
    cd_settings_wrong_use("--pen=%d: allowed: a number from 1 on", settings.pen);
  else
    return TRUE;
  return FALSE;
}

const CdSettings *
cd_settings_parse(gchar **argv)
{
  g_auto(GStrv) arguments = g_strdupv(argv);

  if (!_parse(&arguments))
    return NULL;
  _set_defaults();
  return _check() ? &settings : NULL;
}
