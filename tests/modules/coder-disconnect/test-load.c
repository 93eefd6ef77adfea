/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sng-test.h"

/* The module that was just built loads into the installed libsyslog-ng, and its grammar works. */

static void
test_bare(void)
{
  static const gchar line[] = "<30>1 2026-05-04T10:00:00Z host app 1 - - hello";
  LogMessage *msg = sng_test_message(line, strlen(line));
  LogParser *parser = sng_test_parser("coder-disconnect();");
  LogPathOptions path_options = LOG_PATH_OPTIONS_INIT_NOACK;

  g_assert_nonnull(parser);
  g_assert_true(log_parser_process_message(parser, &msg, &path_options));
  g_assert_cmpstr(log_msg_get_value(msg, LM_V_MESSAGE, NULL), ==, "hello");

  sng_test_free_parser(parser);
  log_msg_unref(msg);
}

static void
test_unknown_option(void)
{
  g_assert_null(sng_test_parser("coder-disconnect(no-such-option(1));"));
}

int
main(int argc, char **argv)
{
  gint result;

  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/load/bare", test_bare);
  g_test_add_func("/load/unknown-option", test_unknown_option);

  sng_test_init();
  result = g_test_run();
  sng_test_deinit();
  return result;
}
