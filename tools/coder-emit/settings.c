/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "settings.h"

#include "closing.h"
#include "complaint.h"

#include "emit/target-uri.h"

#include <stdio.h>

#define PROGRAM "coder-emit"

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
    "Send what the state folder has kept, to where it was to go or to --syslog", NULL },
  { "forget", 0, 0, G_OPTION_ARG_STRING_ARRAY, &settings.forget,
    "Drop what the state folder keeps for a target; may be repeated", "URI" },
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
  { "help", 'h', 0, G_OPTION_ARG_NONE, &settings.show_help, "Print this help", NULL },
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
  g_autofree gchar *message = NULL;
  va_list args;

  va_start(args, format);
  message = g_strdup_vprintf(format, args);
  va_end(args);
  cd_complain("%s", message);
  fputs("See: " PROGRAM " --help\n", stderr);
  return CD_EXIT_WRONG_USE;
}

/* Its own help would end the program, however printing it went. */
static GOptionContext *
_make_context(void)
{
  GOptionContext *context = g_option_context_new(NULL);
  g_autofree gchar *keys = cd_closing_describe_keys();
  g_autofree gchar *description = g_strconcat(
    TARGETS, keys,
    "\nExit status: 0 every target has it, 1 not all have, 2 wrong use.\n"
    "Nothing is sent when a key or a value is wrong.\n",
    NULL);

  g_option_context_set_summary(context,
                               "Writes the closing record of a connection as an RFC 5424 message.");
  g_option_context_set_description(context, description);
  g_option_context_set_help_enabled(context, FALSE);
  g_option_context_add_main_entries(context, entries, NULL);
  return context;
}

static gboolean
_parse(gchar ***argv)
{
  g_autoptr(GOptionContext) context = _make_context();
  g_autoptr(GError) error = NULL;

  g_set_prgname(PROGRAM);
  if (g_option_context_parse_strv(context, argv, &error))
    return TRUE;
  cd_settings_wrong_use("%s", error->message);
  return FALSE;
}

gchar *
cd_settings_describe(void)
{
  g_autoptr(GOptionContext) context = _make_context();

  return g_option_context_get_help(context, TRUE, NULL);
}

static void
_set_defaults(void)
{
  static gchar *no_pairs[] = { NULL };

  if (!settings.uris && !settings.flush && !settings.forget)
    settings.uris = (gchar **) cd_target_get_default_uris();
  if (!settings.app_name)
    settings.app_name = PROGRAM;
  if (!settings.pairs)
    settings.pairs = no_pairs;
}

static gboolean
_check_source(void)
{
  guint n_sources = (settings.pairs[0] != NULL) + settings.from_stdin + settings.flush
                    + (settings.forget != NULL);

  if (n_sources == 0)
    cd_settings_wrong_use("no record: give KEY=VALUE..., --stdin or --flush");
  else if (n_sources > 1)
    cd_settings_wrong_use("only one of KEY=VALUE..., --stdin, --flush and --forget");
  else if (settings.flush && !settings.folder)
    cd_settings_wrong_use("--flush needs --state-dir");
  else if (settings.forget && !settings.folder)
    cd_settings_wrong_use("--forget needs --state-dir");
  else if (settings.forget && settings.uris)
    cd_settings_wrong_use("--forget sends nothing: no --syslog beside it");
  else
    return TRUE;
  return FALSE;
}

static gboolean
_check_numbers(void)
{
  if (settings.wait < 0 || settings.wait > WAIT_MAX)
    cd_settings_wrong_use("--wait=%d: allowed: 0 to %d seconds", settings.wait, WAIT_MAX);
  else if (settings.pen <= 0)
    cd_settings_wrong_use("--pen=%d: allowed: a number from 1 on", settings.pen);
  else
    return TRUE;
  return FALSE;
}

static gboolean
_check_text(const GOptionEntry *option, const gchar *text)
{
  if (!text || *text)
    return TRUE;
  cd_settings_wrong_use("--%s: %s is empty", option->long_name, option->arg_description);
  return FALSE;
}

static gboolean
_check_texts(const GOptionEntry *option, gchar **texts)
{
  for (; texts && *texts; texts++)
    if (!_check_text(option, *texts))
      return FALSE;
  return TRUE;
}

/* An empty variable of a script must not become the default behind its back. */
static gboolean
_check_words(void)
{
  for (const GOptionEntry *option = entries; option->long_name && *option->long_name; option++)
    {
      gboolean is_well = TRUE;

      if (option->arg == G_OPTION_ARG_STRING || option->arg == G_OPTION_ARG_FILENAME)
        is_well = _check_text(option, *(gchar **) option->arg_data);
      else if (option->arg == G_OPTION_ARG_STRING_ARRAY)
        is_well = _check_texts(option, *(gchar ***) option->arg_data);
      if (!is_well)
        return FALSE;
    }
  return TRUE;
}

/* Who gives a certificate believes that what is sent is secret. */
static gboolean
_check_tls(void)
{
  const CdTargetTls *tls = &settings.tls;

  if (!settings.uris || !(tls->authority || tls->certificate || tls->key || tls->server_name))
    return TRUE;
  for (gchar **uri = settings.uris; *uri; uri++)
    if (g_str_has_prefix(*uri, "tls:"))
      return TRUE;
  cd_settings_wrong_use("--tls-...: there is no target tls:HOST:PORT");
  return FALSE;
}

static gboolean
_check(void)
{
  if (settings.show_version || settings.show_help)
    return TRUE;
  return _check_words() && _check_source() && _check_numbers() && _check_tls();
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
