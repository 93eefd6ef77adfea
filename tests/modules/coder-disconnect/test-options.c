/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sng-test.h"

/* Every option does its work, on the parser that was configured and on a clone of it: a parser
 * that several log statements name runs as clones only. */

#define HUMAN                                                                                      \
  "2026-11-21 07:37:29.225 [warn]  disconnected from coderd  connect_type=server_to_agent  "       \
  "disconnect_reason=network_error  disconnect_expected=false  disconnect_initiator=network"
#define HUMAN_PAIRS                                                                                \
  "connect_type=server_to_agent\ndisconnect_expected=false\ndisconnect_initiator=network\n"        \
  "disconnect_reason=network_error\nrule=2\nsite=run-loop\nsource=slog-human"
#define HUMAN_TAGS "disconnect layer.server_to_agent reason.network_error unexpected"

#define BROKEN                                                                                     \
  "{\"ts\":\"x\",\"level\":\"INFO\",\"msg\":\"\",\"fields\":{\"disconnect_reason\":\"gra"

#define SYSLOG "<30>1 2026-11-21T07:37:29Z ws coder-agentd 7 disconnect "

typedef enum
{
  ORIGINAL,
  CLONE,
  CLONE_OF_CLONE,
  N_SUBJECTS
} Subject;

static const gchar *const subject_names[] = { "original", "clone", "clone-of-clone" };

typedef struct
{
  LogParser *parser;
} Fixture;

/* The original is gone before the clone does any work. */
static void
replace_by_clone(Fixture *fixture)
{
  LogParser *clone = sng_test_clone(fixture->parser);

  sng_test_free_parser(fixture->parser);
  fixture->parser = clone;
}

static void
set_up(Fixture *fixture, const gchar *config, gconstpointer subject)
{
  fixture->parser = sng_test_parser(config);
  g_assert_nonnull(fixture->parser);
  for (gsize i = ORIGINAL; i < GPOINTER_TO_SIZE(subject); i++)
    replace_by_clone(fixture);
}

static void
tear_down(Fixture *fixture)
{
  sng_test_free_parser(fixture->parser);
}

static LogMessage *
make_text(const gchar *text)
{
  return sng_test_input(SNG_TEST_NO_PARSE, text, -1);
}

static LogMessage *
process(Fixture *fixture, LogMessage *message)
{
  g_assert_true(sng_test_process(fixture->parser, &message));
  return message;
}

static void
test_prefix(gconstpointer subject)
{
  Fixture fixture;
  LogMessage *message;

  set_up(&fixture, "coder-disconnect(prefix('agent.end_'));", subject);
  message = process(&fixture, make_text(HUMAN));
  sng_test_assert_pairs(message, "agent.end_", HUMAN_PAIRS);
  sng_test_assert_pairs(message, ".coder.", "");
  sng_test_assert_tags(message, "coder.", HUMAN_TAGS);
  log_msg_unref(message);
  tear_down(&fixture);
}

static void
test_duplicate_window(gconstpointer subject)
{
  static const gchar line[] =
    "2026-11-21 07:37:29.225 [info]  reconnecting-pty: reconnecting pty closed  "
    "remote=[fd7a::1]:9  disconnect_reason=graceful";
  Fixture fixture;

  set_up(&fixture, "coder-disconnect(duplicate-window(0));", subject);
  for (guint i = 0; i < 2; i++)
    {
      LogMessage *message = process(&fixture, make_text(line));

      sng_test_assert_tags(message, "coder.",
                           "disconnect expected layer.agent_to_client reason.graceful");
      log_msg_unref(message);
    }
  tear_down(&fixture);
}

static void
test_tag_prefix(gconstpointer subject)
{
  Fixture fixture;
  LogMessage *message;

  set_up(&fixture, "coder-disconnect(tag-prefix('ended-'));", subject);
  message = process(&fixture, make_text(HUMAN));
  sng_test_assert_pairs(message, ".coder.", HUMAN_PAIRS);
  sng_test_assert_tags(message, "ended-", HUMAN_TAGS);
  sng_test_assert_tags(message, "coder.", "");
  log_msg_unref(message);
  tear_down(&fixture);
}

static void
assert_sd_id(Fixture *fixture, const gchar *sd_id, gboolean is_ours)
{
  g_autofree gchar *line = g_strdup_printf(SYSLOG "[%s disconnect_reason=\"graceful\"] text",
                                           sd_id);
  LogMessage *message = process(fixture, sng_test_message(line, strlen(line)));

  sng_test_assert_tags(message, "coder.", is_ours ? "disconnect expected reason.graceful" : "");
  log_msg_unref(message);
}

static void
test_sd_id_default(gconstpointer subject)
{
  static const gchar *const others[] = { "coder@324730", "coder@3247",   "coder@32473.x", "coder",
                                         "Coder@32473",  "xcoder@32473", "coder@32473x" };
  Fixture fixture;

  set_up(&fixture, "coder-disconnect();", subject);
  assert_sd_id(&fixture, "coder@32473", TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
    assert_sd_id(&fixture, others[i], FALSE);
  tear_down(&fixture);
}

static void
test_sd_id_list(gconstpointer subject)
{
  Fixture fixture;

  set_up(&fixture, "coder-disconnect(sd-id('agent@1' 'co-der@99' coder));", subject);
  assert_sd_id(&fixture, "agent@1", TRUE);
  assert_sd_id(&fixture, "co-der@99", TRUE);
  assert_sd_id(&fixture, "coder", TRUE);
  assert_sd_id(&fixture, "coder@32473", FALSE);
  assert_sd_id(&fixture, "agent@12", FALSE);
  assert_sd_id(&fixture, "agent@", FALSE);
  assert_sd_id(&fixture, "co-der@9", FALSE);
  tear_down(&fixture);
}

/* The first SD-ID of the configuration wins, not the first of the message; nothing is mixed. */
static void
test_sd_id_order(gconstpointer subject)
{
  static const gchar line[] = SYSLOG
    "[b@2 disconnect_reason=\"graceful\" app=\"b\" exit_code=\"0\"]"
    "[a@1 disconnect_reason=\"protocol_error\" disconnect_initiator=\"client\"] text";
  Fixture fixture;
  LogMessage *message;

  set_up(&fixture, "coder-disconnect(sd-id('a@1' 'b@2'));", subject);
  message = process(&fixture, sng_test_message(line, strlen(line)));
  sng_test_assert_pairs(message, ".coder.",
                        "disconnect_expected=false\ndisconnect_initiator=client\n"
                        "disconnect_reason=protocol_error\nrule=2\nsource=sdata");
  log_msg_unref(message);
  tear_down(&fixture);
}

static void
test_formats(gconstpointer subject)
{
  Fixture fixture;
  LogMessage *message;

  set_up(&fixture, "coder-disconnect(formats(sdata slog-json));", subject);
  message = process(&fixture, make_text(HUMAN));
  sng_test_assert_tags(message, "coder.", "");
  log_msg_unref(message);
  assert_sd_id(&fixture, "coder@32473", TRUE);
  tear_down(&fixture);
}

static gboolean
passes(Fixture *fixture, const gchar *text)
{
  LogMessage *message = make_text(text);
  gboolean result = sng_test_process(fixture->parser, &message);

  log_msg_unref(message);
  return result;
}

static void
test_drop_unmatched(gconstpointer subject)
{
  static const struct
  {
    const gchar *config;
    gboolean drops;
  } rows[] = {
    { "coder-disconnect();", FALSE },
    { "coder-disconnect(drop-unmatched(yes));", TRUE },
    { "coder-disconnect(drop-unmatched(no));", FALSE },
    { "coder-disconnect(drop-unmatched(on));", TRUE },
    { "coder-disconnect(drop-unmatched(off));", FALSE },
    { "coder-disconnect(drop-unmatched(1));", TRUE },
    { "coder-disconnect(drop-unmatched(0));", FALSE },
    { "coder-disconnect(drop_unmatched('yes'));", TRUE },
    { "coder-disconnect(drop-unmatched(yes) drop-unmatched(no));", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    {
      Fixture fixture;
      set_up(&fixture, rows[i].config, subject);
      g_assert_true(passes(&fixture, HUMAN));
      g_assert_true(passes(&fixture, BROKEN));
      g_assert_cmpint(passes(&fixture, "hello"), ==, !rows[i].drops);
      g_assert_cmpint(passes(&fixture, ""), ==, !rows[i].drops);
      tear_down(&fixture);
    }
}

static void
test_template(gconstpointer subject)
{
  Fixture fixture;
  LogMessage *message;

  set_up(&fixture, "coder-disconnect(template('${line}'));", subject);
  message = process(&fixture, make_text(HUMAN));
  sng_test_assert_tags(message, "coder.", "");
  sng_test_set(message, "line", HUMAN);
  log_msg_set_value(message, LM_V_MESSAGE, "something else", -1);
  message = process(&fixture, message);
  sng_test_assert_pairs(message, ".coder.", HUMAN_PAIRS);
  log_msg_unref(message);
  tear_down(&fixture);
}

/* A text put together from several parts, none of which is kept by the message itself. */
static void
test_template_of_parts(gconstpointer subject)
{
  Fixture fixture;
  LogMessage *message = make_text("graceful");

  set_up(&fixture,
         "coder-disconnect(template('[info]  ${what} closed  disconnect_reason=${MESSAGE}'));",
         subject);
  sng_test_set(message, "what", "reconnecting pty");
  message = process(&fixture, message);
  sng_test_assert_pairs(message, ".coder.",
                        "connect_type=agent_to_client\ndisconnect_expected=true\n"
                        "disconnect_reason=graceful\nrule=2\nsite=pty\nsource=slog-human");
  log_msg_unref(message);
  tear_down(&fixture);
}

/* A header that the source cut off belongs to the message's own text, not to another one. */
static void
test_template_without_header(gconstpointer subject)
{
  Fixture fixture;
  LogMessage *message = make_text("other");

  set_up(&fixture, "coder-disconnect(template('${line}'));", subject);
  log_msg_set_value(message, LM_V_LEGACY_MSGHDR, "[warn] ", -1);
  sng_test_set(message, "line", " disconnected from coderd  disconnect_reason=network_error");
  message = process(&fixture, message);
  sng_test_assert_tags(message, "coder.", "");
  log_msg_unref(message);
  tear_down(&fixture);
}

static void
test_template_reads_sdata_too(gconstpointer subject)
{
  Fixture fixture;

  set_up(&fixture, "coder-disconnect(template('${line}'));", subject);
  assert_sd_id(&fixture, "coder@32473", TRUE);
  tear_down(&fixture);
}

static void
test_all_together(gconstpointer subject)
{
  static const gchar line[] = SYSLOG "[a@1 disconnect_reason=\"graceful\"] text";
  Fixture fixture;
  LogMessage *message;

  set_up(&fixture,
         "coder-disconnect(prefix('p.') tag-prefix('t.') sd-id('a@1') formats(sdata slog-human) "
         "drop-unmatched(yes) template('${line}'));",
         subject);
  message = process(&fixture, sng_test_message(line, strlen(line)));
  sng_test_assert_pairs(message, "p.",
                        "disconnect_expected=true\ndisconnect_reason=graceful\nrule=2\n"
                        "source=sdata");
  sng_test_assert_tags(message, "t.", "disconnect expected reason.graceful");
  log_msg_unref(message);

  message = make_text("x");
  sng_test_set(message, "line", HUMAN);
  message = process(&fixture, message);
  sng_test_assert_pairs(message, "p.", HUMAN_PAIRS);
  sng_test_assert_tags(message, "t.", HUMAN_TAGS);
  log_msg_unref(message);

  g_assert_false(passes(&fixture, HUMAN));
  tear_down(&fixture);
}

/* Clones work beside one another and beside the original, whatever ends first. */
static void
test_siblings(void)
{
  LogParser *original = sng_test_parser("coder-disconnect(prefix('p.') template('${line}'));");
  LogParser *clones[3];

  for (gsize i = 0; i < G_N_ELEMENTS(clones); i++)
    clones[i] = sng_test_clone(original);
  sng_test_free_parser(clones[1]);
  sng_test_free_parser(original);
  for (gsize i = 0; i < G_N_ELEMENTS(clones); i += 2)
    {
      LogMessage *message = make_text("x");
      sng_test_set(message, "line", HUMAN);
      g_assert_true(sng_test_process(clones[i], &message));
      sng_test_assert_pairs(message, "p.", HUMAN_PAIRS);
      log_msg_unref(message);
      sng_test_free_parser(clones[i]);
    }
}

/* A reload that fails brings the old configuration back: init, deinit, init. */
static void
test_init_again(void)
{
  LogParser *parser = sng_test_parser("coder-disconnect();");
  LogMessage *message = make_text(HUMAN);

  g_assert_true(log_pipe_deinit(&parser->super));
  g_assert_true(log_pipe_init(&parser->super));
  g_assert_true(sng_test_process(parser, &message));
  sng_test_assert_pairs(message, ".coder.", HUMAN_PAIRS);
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

static const struct
{
  const gchar *name;
  GTestDataFunc func;
} tests[] = {
  { "prefix", test_prefix },
  { "tag-prefix", test_tag_prefix },
  { "duplicate-window", test_duplicate_window },
  { "sd-id-default", test_sd_id_default },
  { "sd-id-list", test_sd_id_list },
  { "sd-id-order", test_sd_id_order },
  { "formats", test_formats },
  { "drop-unmatched", test_drop_unmatched },
  { "template", test_template },
  { "template-of-parts", test_template_of_parts },
  { "template-without-header", test_template_without_header },
  { "template-reads-sdata-too", test_template_reads_sdata_too },
  { "all-together", test_all_together },
};

static void
add_tests(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
    for (gsize subject = ORIGINAL; subject < N_SUBJECTS; subject++)
      {
        g_autofree gchar *path = g_strdup_printf("/options/%s/%s", tests[i].name,
                                                 subject_names[subject]);
        g_test_add_data_func(path, GSIZE_TO_POINTER(subject), tests[i].func);
      }
  g_test_add_func("/options/siblings", test_siblings);
  g_test_add_func("/options/init-again", test_init_again);
}

int
main(int argc, char **argv)
{
  return sng_test_main(argc, argv, add_tests);
}
