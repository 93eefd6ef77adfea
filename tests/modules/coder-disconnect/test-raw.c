/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sng-test.h"

/* Of two parameters with one name syslog-ng hands over the last; the message as it came, which
 * flags(store-raw-message) keeps, shows the first: that one stands, and the record is doubted. */

#define HEADER "<30>1 2026-11-21T07:37:29Z ws app 7 - "
#define DOUBT "contradiction disconnect reason.network_error unexpected"
#define ERROR_PAIRS                                                                                \
  "disconnect_expected=false\ndisconnect_reason=network_error\nrule=2\nsource=sdata"

static const struct
{
  const gchar *name;
  const gchar *line;
  const gchar *pairs;
  const gchar *tags;
} rows[] = {
  { "parameter-twice",
    HEADER "[coder@32473 disconnect_reason=\"network_error\" disconnect_reason=\"graceful\"] x",
    ERROR_PAIRS, DOUBT },
  { "element-twice",
    HEADER "[coder@32473 disconnect_reason=\"network_error\"]"
           "[coder@32473 disconnect_reason=\"graceful\"] x",
    ERROR_PAIRS, DOUBT },
  { "once", HEADER "[coder@32473 disconnect_reason=\"network_error\"] x", ERROR_PAIRS,
    "disconnect reason.network_error unexpected" },
  { "the-same-twice",
    HEADER "[coder@32473 disconnect_reason=\"network_error\" disconnect_reason=\"network_error\"]",
    ERROR_PAIRS, "disconnect reason.network_error unexpected" },
  { "escaped", HEADER "[coder@32473 disconnect_reason=\"graceful\" app=\"a \\\"b\\\"\"] x",
    "app=a \"b\"\ndisconnect_expected=true\ndisconnect_reason=graceful\nrule=2\nsource=sdata",
    "disconnect expected reason.graceful" },
};

static LogMessage *
make(const gchar *line, const gchar *raw)
{
  LogMessage *message = sng_test_message(line, strlen(line));

  log_msg_set_value_by_name(message, "RAWMSG", raw, -1);
  return message;
}

static void
test_raw(gconstpointer data)
{
  const gsize row = GPOINTER_TO_SIZE(data);
  LogParser *parser = sng_test_parser("coder-disconnect();");
  LogMessage *message = make(rows[row].line, rows[row].line);

  g_assert_true(sng_test_process(parser, &message));
  sng_test_assert_pairs(message, ".coder.", rows[row].pairs);
  sng_test_assert_tags(message, "coder.", rows[row].tags);
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

/* What begins as a message is a text: the raw message shows that its header is there. */
static void
test_nothing_was_swallowed(void)
{
  static const gchar line[] =
    "<13>1 2026-11-21T07:37:29Z h - - - - <30>1 2026-11-21T07:37:29Z ws a 7 "
    "- [coder@32473 disconnect_reason=\"graceful\"] x";
  LogParser *parser = sng_test_parser("coder-disconnect();");
  LogMessage *message = make(line, line);

  g_assert_true(sng_test_process(parser, &message));
  sng_test_assert_tags(message, "coder.", "");
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

/* What is no whole message of RFC 5424 shows nothing; the values count. */
static void
test_other_raw_messages(void)
{
  static const gchar *const raws[] = { "",
                                       "x",
                                       "<30>1 ",
                                       HEADER "[coder@32473 x=y] z",
                                       HEADER "- no structured data",
                                       HEADER "[a@1 b=\"c\"]" };
  LogParser *parser = sng_test_parser("coder-disconnect();");

  for (gsize i = 0; i < G_N_ELEMENTS(raws); i++)
    {
      LogMessage *message = make(rows[2].line, raws[i]);

      g_assert_true(sng_test_process(parser, &message));
      sng_test_assert_pairs(message, ".coder.", ERROR_PAIRS);
      log_msg_unref(message);
    }
  sng_test_free_parser(parser);
}

static void
add_tests(void)
{
  g_test_add_func("/raw/nothing-was-swallowed", test_nothing_was_swallowed);
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    {
      g_autofree gchar *path = g_strdup_printf("/raw/%s", rows[i].name);
      g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_raw);
    }
  g_test_add_func("/raw/other-raw-messages", test_other_raw_messages);
}

int
main(int argc, char **argv)
{
  return sng_test_main(argc, argv, add_tests);
}
