/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-path.h"

#include "apphook.h"
#include "cfg-tree.h"
#include "cfg.h"
#include "msg-format.h"
#include "plugin.h"
#include "scratch-buffers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The end of the session's id in messages.txt: each message gets another one. */
#define ID_PART "661a79e1e12f"

typedef struct _Text
{
  gchar *line;
  gchar *id_part; /* in the line; NULL where it has none */
  gsize length;
  MsgFormatOptions *format;
} Text;

static MsgFormatOptions syslog_format;
static MsgFormatOptions text_format;
static GHashTable *texts; /* of Text, by name */
static GPtrArray *pipes;

void
bench_die(const gchar *format, ...)
{
  va_list args;

  va_start(args, format);
  fputs("bench-parser: ", stderr);
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
  va_end(args);
  exit(1);
}

static void
_text_free(gpointer data)
{
  Text *self = data;

  g_free(self->line);
  g_free(self);
}

static void
_add_text(const gchar *name, const gchar *format, const gchar *line)
{
  Text *self = g_new0(Text, 1);

  self->line = g_strdup(line);
  self->length = strlen(line);
  self->id_part = strstr(self->line, ID_PART);
  self->format = g_str_equal(format, "syslog") ? &syslog_format : &text_format;
  g_hash_table_insert(texts, g_strdup(name), self);
}

static void
_read_texts(const gchar *folder)
{
  g_autofree gchar *file_name = g_build_filename(folder, "messages.txt", NULL);
  g_autofree gchar *content = NULL;
  g_auto(GStrv) lines = NULL;

  if (!g_file_get_contents(file_name, &content, NULL, NULL))
    bench_die("cannot read %s", file_name);
  texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, _text_free);
  lines = g_strsplit(content, "\n", -1);
  for (gchar **line = lines; *line; line++)
    {
      g_auto(GStrv) words = g_strsplit(*line, " ", 3);
      if (g_str_has_prefix(*line, "=== ") && g_strv_length(words) == 3 && line[1])
        _add_text(words[1], words[2], *++line);
    }
}

static void
_init_format(MsgFormatOptions *format, guint32 flags)
{
  msg_format_options_defaults(format);
  format->flags |= flags;
  msg_format_options_init(format, configuration);
}

static void
_read_config(const gchar *folder)
{
  g_autofree gchar *file_name = g_build_filename(folder, "parsers.conf", NULL);

  g_setenv("bench_dir", folder, TRUE);
  plugin_context_set_module_path(&configuration->plugin_context, g_getenv("CODER_MODULE_PATH"));
  if (!cfg_read_config(configuration, file_name, NULL))
    bench_die("%s: refused", file_name);
}

void
bench_start(const gchar *folder)
{
  app_startup();
  configuration = cfg_new(0);
  _read_config(folder);
  _init_format(&syslog_format, LP_SYSLOG_PROTOCOL);
  _init_format(&text_format, LP_NOPARSE);
  _read_texts(folder);
  pipes = g_ptr_array_new();
}

static void
_free_pipe(gpointer data, gpointer user_data)
{
  LogPipe *pipe = data;

  log_pipe_deinit(pipe);
  log_pipe_detach_expr_node(pipe);
  log_pipe_unref(pipe);
}

void
bench_stop(void)
{
  g_ptr_array_foreach(pipes, _free_pipe, NULL);
  g_ptr_array_free(pipes, TRUE);
  g_hash_table_destroy(texts);
  msg_format_options_destroy(&syslog_format);
  msg_format_options_destroy(&text_format);
  scratch_buffers_explicit_gc();
  cfg_free(configuration);
  configuration = NULL;
  app_shutdown();
}

static LogExprNode *
_find_object(const gchar *name)
{
  const gint contents[] = { ENC_PARSER, ENC_FILTER, ENC_REWRITE };
  LogExprNode *node = NULL;

  for (guint i = 0; !node && i < G_N_ELEMENTS(contents); i++)
    node = cfg_tree_get_object(&configuration->tree, contents[i], name);
  if (!node)
    bench_die("parsers.conf has no %s", name);
  return node;
}

static void
_start_pipe(LogPipe *pipe)
{
  if (!log_pipe_init(pipe))
    bench_die("cannot start a pipe");
  g_ptr_array_add(pipes, pipe);
}

/* Appends a clone of every pipe of a rule; returns the last one. */
static LogPipe *
_append_pipes(LogPipe *last, LogExprNode *node)
{
  if (node->object)
    {
      LogPipe *pipe = log_pipe_clone(node->object);
      log_pipe_attach_expr_node(pipe, node);
      _start_pipe(pipe);
      log_pipe_append(last, pipe);
      last = pipe;
    }
  for (LogExprNode *child = node->children; child; child = child->next)
    last = _append_pipes(last, child);
  return last;
}

LogPipe *
bench_path_new(const gchar *objects, LogPipe *end)
{
  g_auto(GStrv) names = g_strsplit(objects, " ", -1);
  LogPipe before = { 0 };
  LogPipe *last = &before;

  for (gchar **name = names; *name; name++)
    last = _append_pipes(last, _find_object(*name));
  log_pipe_append(last, end);
  return before.pipe_next;
}

LogPipe *
bench_path_new_own(LogPipe *pipe, LogPipe *end)
{
  _start_pipe(pipe);
  log_pipe_append(pipe, end);
  return pipe;
}

static void
_number(const Text *text)
{
  static guint64 number;
  gchar digits[sizeof(ID_PART)];

  if (!text->id_part)
    return;
  g_snprintf(digits, sizeof(digits), "%012" G_GINT64_MODIFIER "x", ++number);
  memcpy(text->id_part, digits, sizeof(ID_PART) - 1);
}

LogMessage *
bench_message_new(const gchar *name)
{
  const Text *text = g_hash_table_lookup(texts, name);

  if (!text)
    bench_die("messages.txt has no %s", name);
  _number(text);
  return msg_format_parse(text->format, (const guchar *) text->line, text->length);
}
