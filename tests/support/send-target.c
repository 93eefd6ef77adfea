/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sends the lines of a file through a target of the emitter:
 *
 *   send-target [-a AUTHORITY] [-n SERVER-NAME] [-c CERTIFICATE] [-k KEY] URI FILE
 *
 * Ends when the other side's kernel has all of it; a line that is refused, or a connection that is
 * lost, fails it. */

#include "emit/target.h"

#include <stdlib.h>

typedef struct _Sender
{
  gchar **lines;
  guint next;
} Sender;

static void G_GNUC_NORETURN
_fail(const gchar *what)
{
  g_printerr("send-target: %s\n", what);
  exit(1);
}

static gboolean
_end_when_all_is_there(gpointer target)
{
  if (cd_target_get_unsent(target) > 0)
    return G_SOURCE_CONTINUE;
  cd_target_free(target);
  exit(0);
}

static void
_on_ready(CdTarget *target, gpointer data)
{
  Sender *sender = data;

  for (; sender->lines[sender->next]; sender->next++)
    {
      CdText line = cd_text_from_string(sender->lines[sender->next]);
      CdTargetResult result = line.length ? cd_target_send(target, line) : CD_TARGET_SENT;
      if (result == CD_TARGET_WAIT)
        return;
      if (result == CD_TARGET_REFUSED)
        _fail("a line was refused");
    }
  g_timeout_add(5, _end_when_all_is_there, target);
}

static void
_on_lost(CdTarget *target, const GError *error, gpointer data)
{
  _fail(error->message);
}

static CdTargetTls tls;

static const GOptionEntry options[] = {
  { "authority", 'a', 0, G_OPTION_ARG_FILENAME, &tls.authority, NULL, NULL },
  { "server-name", 'n', 0, G_OPTION_ARG_STRING, &tls.server_name, NULL, NULL },
  { "certificate", 'c', 0, G_OPTION_ARG_FILENAME, &tls.certificate, NULL, NULL },
  { "key", 'k', 0, G_OPTION_ARG_FILENAME, &tls.key, NULL, NULL },
  { NULL },
};

int
main(int argc, char **argv)
{
  g_autoptr(GOptionContext) context = g_option_context_new("URI FILE");
  g_autoptr(GError) error = NULL;
  g_autofree gchar *text = NULL;
  Sender sender = { NULL, 0 };
  CdTarget *target;

  g_option_context_add_main_entries(context, options, NULL);
  if (!g_option_context_parse(context, &argc, &argv, &error))
    _fail(error->message);
  if (argc != 3)
    _fail("a URI and a file are wanted");
  if (!g_file_get_contents(argv[2], &text, NULL, &error)
      || !(target = cd_target_new(argv[1], &tls, &error)))
    _fail(error->message);
  sender.lines = g_strsplit(text, "\n", -1);
  cd_target_start(target, _on_ready, _on_lost, &sender);
  while (TRUE)
    g_main_context_iteration(NULL, TRUE);
}
