/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sng-test.h"

#include "apphook.h"
#include "cfg-grammar-internal.h"
#include "cfg.h"
#include "msg-format.h"
#include "parser/parser-expr-parser.h"
#include "plugin.h"
#include "scratch-buffers.h"

static MsgFormatOptions format_options[SNG_TEST_NO_PARSE + 1];

static void
init_format_options(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(format_options); i++)
    msg_format_options_defaults(&format_options[i]);
  format_options[SNG_TEST_SYSLOG].flags |= LP_SYSLOG_PROTOCOL;
  format_options[SNG_TEST_NO_PARSE].flags |= LP_NOPARSE;
  for (guint i = 0; i < G_N_ELEMENTS(format_options); i++)
    msg_format_options_init(&format_options[i], configuration);
}

void
sng_test_init(void)
{
  app_startup();
  configuration = cfg_new_snippet();
  plugin_context_set_module_path(&configuration->plugin_context, g_getenv("CODER_MODULE_PATH"));
  sng_test_load_module("syslogformat");
  sng_test_load_module("coder-disconnect");
  init_format_options();
}

void
sng_test_deinit(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(format_options); i++)
    msg_format_options_destroy(&format_options[i]);
  scratch_buffers_explicit_gc();
  cfg_free(configuration);
  configuration = NULL;
  app_shutdown();
}

gint
sng_test_main(gint argc, gchar **argv, void (*add_tests)(void))
{
  gint result;

  g_test_init(&argc, &argv, NULL);
  sng_test_init();
  add_tests();
  result = g_test_run();
  sng_test_deinit();
  return result;
}

void
sng_test_load_module(const gchar *name)
{
  g_assert_true(cfg_load_module(configuration, name));
}

LogParser *
sng_test_new_parser(const gchar *text)
{
  CfgLexer *lexer = cfg_lexer_new_buffer(configuration, text, strlen(text));
  LogExprNode *node = NULL;
  LogPipe *parser;

  if (!cfg_run_parser_with_main_context(configuration, lexer, &parser_expr_parser,
                                        (gpointer *) &node, NULL, "test"))
    return NULL;
  parser = log_pipe_ref(node->object);
  log_expr_node_unref(node);
  return (LogParser *) parser;
}

LogParser *
sng_test_parser(const gchar *text)
{
  LogParser *parser = sng_test_new_parser(text);

  if (parser)
    g_assert_true(log_pipe_init(&parser->super));
  return parser;
}

LogParser *
sng_test_clone(LogParser *parser)
{
  LogPipe *clone = log_pipe_clone(&parser->super);

  g_assert_true(log_pipe_init(clone));
  return (LogParser *) clone;
}

void
sng_test_free_parser(LogParser *parser)
{
  log_pipe_deinit(&parser->super);
  log_pipe_unref(&parser->super);
}

gboolean
sng_test_process(LogParser *parser, LogMessage **message)
{
  LogPathOptions path_options = LOG_PATH_OPTIONS_INIT_NOACK;

  return log_parser_process_message(parser, message, &path_options);
}

LogMessage *
sng_test_input(SngTestInput input, const gchar *line, gssize length)
{
  gsize size = length < 0 ? strlen(line) : (gsize) length;

  return msg_format_parse(&format_options[input], (const guchar *) line, size);
}

LogMessage *
sng_test_message(const gchar *line, gsize length)
{
  return sng_test_input(SNG_TEST_SYSLOG, line, (gssize) length);
}

void
sng_test_set(LogMessage *message, const gchar *name, const gchar *value)
{
  log_msg_set_value(message, log_msg_get_value_handle(name), value, -1);
}

typedef struct
{
  const gchar *prefix;
  gboolean with_type;
  GPtrArray *lines;
} Collection;

static gboolean
collect_pair(NVHandle handle, const gchar *name, const gchar *value, gssize length, NVType type,
             gpointer user_data)
{
  Collection *collection = user_data;
  GString *line;

  if (!g_str_has_prefix(name, collection->prefix))
    return FALSE;
  line = g_string_new(name + strlen(collection->prefix));
  if (collection->with_type)
    g_string_append_printf(line, "(%s)", log_msg_value_type_to_str(type));
  g_string_append_c(line, '=');
  g_string_append_len(line, value, length);
  g_ptr_array_add(collection->lines, g_string_free(line, FALSE));
  return FALSE;
}

static gboolean
collect_tag(const LogMessage *message, LogTagId id, const gchar *name, gpointer user_data)
{
  Collection *collection = user_data;

  if (g_str_has_prefix(name, collection->prefix))
    g_ptr_array_add(collection->lines, g_strdup(name + strlen(collection->prefix)));
  return TRUE;
}

static gint
compare_lines(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const gchar *const *) a, *(const gchar *const *) b);
}

static gchar *
join_sorted(GPtrArray *lines, const gchar *separator)
{
  gchar *joined;

  g_ptr_array_sort(lines, compare_lines);
  g_ptr_array_add(lines, NULL);
  joined = g_strjoinv(separator, (gchar **) lines->pdata);
  g_ptr_array_unref(lines);
  return joined;
}

static gchar *
collect_pairs(const LogMessage *message, const gchar *prefix, gboolean with_type)
{
  Collection collection = { prefix, with_type, g_ptr_array_new_with_free_func(g_free) };

  log_msg_values_foreach(message, collect_pair, &collection);
  return join_sorted(collection.lines, "\n");
}

gchar *
sng_test_pairs(const LogMessage *message, const gchar *prefix)
{
  return collect_pairs(message, prefix, FALSE);
}

static gchar *
collect_tags(const LogMessage *message, const gchar *prefix, const gchar *separator)
{
  Collection collection = { prefix, FALSE, g_ptr_array_new_with_free_func(g_free) };

  log_msg_tags_foreach(message, collect_tag, &collection);
  return join_sorted(collection.lines, separator);
}

gchar *
sng_test_tags(const LogMessage *message, const gchar *prefix)
{
  return collect_tags(message, prefix, " ");
}

gchar *
sng_test_snapshot(LogMessage *message)
{
  g_autofree gchar *header = sng_test_format(message, "$PRI $UNIXTIME $SDATA", SNG_TEST_CONFIG_3);
  g_autofree gchar *pairs = collect_pairs(message, "", TRUE);
  g_autofree gchar *tags = collect_tags(message, "", "\n#");

  return g_strdup_printf("%s\n%s\n#%s", header, pairs, tags);
}

gchar *
sng_test_format(LogMessage *message, const gchar *template, gint config_version)
{
  LogTemplateEvalOptions options = DEFAULT_TEMPLATE_EVAL_OPTIONS;
  gint version = configuration->user_version;
  GString *result = g_string_new(NULL);
  LogTemplate *compiled;

  configuration->user_version = config_version;
  compiled = log_template_new(configuration, NULL);
  g_assert_true(log_template_compile(compiled, template, NULL));
  log_template_format(compiled, message, &options, result);
  log_template_unref(compiled);
  configuration->user_version = version;
  return g_string_free(result, FALSE);
}
