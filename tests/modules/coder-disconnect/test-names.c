/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sng-test.h"

#include "logmsg/tags.h"

/* Tags and names of pairs live for ever in syslog-ng and their tables are finite: whatever senders
 * say, the parser makes none after its init. */

#define N_MESSAGES 10000
#define N_TAGS_OF_OURS 18

/* syslog-ng gives no id from here on. */
#define TAGS_MAX (LOG_TAGS_MAX - 1)

/* Ids from here on exist, and syslog-ng cannot set them on a message. */
#define TAGS_OF_MESSAGE_MAX 8160

static guint
count_names(void)
{
  return logmsg_registry->names->len;
}

/* Ids are given in order, so that a new tag tells how many there are. */
static guint
count_tags(void)
{
  static guint n_probes;
  g_autofree gchar *probe = g_strdup_printf("probe-%u", n_probes++);

  return log_tags_get_by_name(probe);
}

typedef gchar *(*LineMaker)(guint i);

static gchar *
make_sdata(guint i)
{
  return g_strdup_printf("<30>1 2026-11-21T07:37:29Z ws app 7 - [coder@32473 "
                         "disconnect_reason=\"reason-%u\" connect_type=\"layer-%u\" site=\"s%u\" "
                         "disconnect_initiator=\"who-%u\" connection_method=\"m%u\"] text",
                         i, i, i, i, i);
}

static gchar *
make_human(guint i)
{
  return g_strdup_printf("<30>1 2026-11-21T07:37:29Z ws app 7 - - [info]  logger%u: "
                         "message %u  key%u=value  disconnect_reason=reason-%u  connect_type=x%u",
                         i, i, i, i, i);
}

static gchar *
make_json(guint i)
{
  return g_strdup_printf("<30>1 2026-11-21T07:37:29Z ws app 7 - - {\"ts\":\"x\",\"level\":\"INFO\","
                         "\"msg\":\"m%u\",\"fields\":{\"key%u\":%u,\"disconnect_reason\":\"r%u\"}}",
                         i, i, i, i);
}

static gchar *
make_other(guint i)
{
  return g_strdup_printf("<30>1 2026-11-21T07:37:29Z ws app 7 - - key%u=%u", i, i);
}

static void
process_line(LogParser *parser, LineMaker make, guint i)
{
  g_autofree gchar *line = make(i);
  LogMessage *message = sng_test_message(line, strlen(line));

  g_assert_true(sng_test_process(parser, &message));
  log_msg_unref(message);
}

/* The first messages may register names of syslog-ng's own. */
static void
test_no_new_names(gconstpointer make)
{
  LogParser *parser = sng_test_parser("coder-disconnect();");
  guint n_names, n_tags;

  process_line(parser, (LineMaker) make, N_MESSAGES);
  n_names = count_names();
  n_tags = count_tags();
  for (guint i = 0; i < N_MESSAGES; i++)
    process_line(parser, (LineMaker) make, i);
  g_assert_cmpuint(count_names(), ==, n_names);
  g_assert_cmpuint(count_tags(), ==, n_tags + 1);
  sng_test_free_parser(parser);
}

/* Another parser with the same names adds none, clones neither. */
static void
test_init_is_idempotent(void)
{
  LogParser *first = sng_test_parser("coder-disconnect();");
  guint n_names = count_names();
  guint n_tags = count_tags();
  LogParser *second = sng_test_parser("coder-disconnect();");
  LogParser *clone = sng_test_clone(second);

  g_assert_cmpuint(count_names(), ==, n_names);
  g_assert_cmpuint(count_tags(), ==, n_tags + 1);
  sng_test_free_parser(clone);
  sng_test_free_parser(second);
  sng_test_free_parser(first);
}

/* The documented set, and no other: six marks, eight reasons, three layers. */
static void
test_set_of_tags(void)
{
  static const gchar *const names[] = {
    "disconnect",
    "expected",
    "unexpected",
    "derived",
    "contradiction",
    "malformed",
    "duplicate",
    "reason.unknown",
    "reason.graceful",
    "reason.client_closed",
    "reason.server_shutdown",
    "reason.network_error",
    "reason.protocol_error",
    "reason.workspace_stopped",
    "reason.control_plane_lost",
    "layer.server_to_agent",
    "layer.agent_to_client",
    "layer.client_to_server",
  };
  guint before = count_tags();
  LogParser *parser = sng_test_parser("coder-disconnect(tag-prefix('set.'));");

  G_STATIC_ASSERT(G_N_ELEMENTS(names) == N_TAGS_OF_OURS);
  g_assert_cmpuint(count_tags(), ==, before + 1 + N_TAGS_OF_OURS);
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    {
      g_autofree gchar *name = g_strconcat("set.", names[i], NULL);
      LogTagId id = log_tags_get_by_name(name);
      g_assert_cmpuint(id, >, before);
      g_assert_cmpuint(id, <=, before + N_TAGS_OF_OURS);
    }
  sng_test_free_parser(parser);
}

/* Leaves so many ids free below the limit. */
static void
fill_tags_up_to(guint limit, guint n_free)
{
  guint id = 0;

  for (guint i = 0; id + 1 + n_free < limit; i++)
    {
      g_autofree gchar *name = g_strdup_printf("filler-%u", i);
      id = log_tags_get_by_name(name);
      g_assert_true(i == 0 || id > 0);
    }
}

static void
assert_init_fails(const gchar *config)
{
  LogParser *parser = sng_test_new_parser(config);

  g_assert_false(log_pipe_init(&parser->super));
  log_pipe_deinit(&parser->super);
  log_pipe_unref(&parser->super);
}

#define FULL_MESSAGE "*table of tags is full, the tag \"full.*\" cannot be registered*"

/* Each in a process of its own, since the table is never emptied. */
static void
test_full_table(void)
{
  if (g_test_subprocess())
    {
      fill_tags_up_to(TAGS_MAX, 0);
      assert_init_fails("coder-disconnect(tag-prefix('full.'));");
      return;
    }
  g_test_trap_subprocess(NULL, 0, 0);
  g_test_trap_assert_passed();
  g_test_trap_assert_stderr(FULL_MESSAGE);
}

/* The table is full in the middle of our own tags. */
static void
test_nearly_full_table(void)
{
  if (g_test_subprocess())
    {
      fill_tags_up_to(TAGS_MAX, N_TAGS_OF_OURS / 2);
      assert_init_fails("coder-disconnect(tag-prefix('full.'));");
      return;
    }
  g_test_trap_subprocess(NULL, 0, 0);
  g_test_trap_assert_passed();
  g_test_trap_assert_stderr(FULL_MESSAGE);
}

/* An id that the table has and no message can carry. */
static void
test_id_beyond_messages(void)
{
  if (g_test_subprocess())
    {
      fill_tags_up_to(TAGS_OF_MESSAGE_MAX, N_TAGS_OF_OURS / 2);
      assert_init_fails("coder-disconnect(tag-prefix('full.'));");
      return;
    }
  g_test_trap_subprocess(NULL, 0, 0);
  g_test_trap_assert_passed();
  g_test_trap_assert_stderr(FULL_MESSAGE);
}

/* Just below that: every tag is there. */
static void
test_last_ids_of_messages(void)
{
  static const gchar line[] = "<30>1 2026-11-21T07:37:29Z ws app 7 - [coder@32473 "
                              "connect_type=\"client_to_server\" "
                              "disconnect_reason=\"control_plane_lost\"] text";

  if (g_test_subprocess())
    {
      LogParser *parser;
      LogMessage *message = sng_test_message(line, strlen(line));

      fill_tags_up_to(TAGS_OF_MESSAGE_MAX, N_TAGS_OF_OURS);
      parser = sng_test_parser("coder-disconnect();");
      g_assert_true(sng_test_process(parser, &message));
      sng_test_assert_tags(message, "coder.",
                           "disconnect layer.client_to_server reason.control_plane_lost "
                           "unexpected");
      log_msg_unref(message);
      sng_test_free_parser(parser);
      return;
    }
  g_test_trap_subprocess(NULL, 0, 0);
  g_test_trap_assert_passed();
}

/* Tags that were there before the flood stay what they are. */
static void
test_flood_after_init(void)
{
  static const gchar line[] = "<30>1 2026-11-21T07:37:29Z ws app 7 - [coder@32473 "
                              "disconnect_reason=\"graceful\"] text";

  if (g_test_subprocess())
    {
      LogParser *parser = sng_test_parser("coder-disconnect();");
      LogParser *late;
      LogMessage *message = sng_test_message(line, strlen(line));

      fill_tags_up_to(TAGS_MAX, 0);
      late = sng_test_parser("coder-disconnect();");
      g_assert_nonnull(late);
      g_assert_true(sng_test_process(late, &message));
      sng_test_assert_tags(message, "", "coder.disconnect coder.expected coder.reason.graceful");
      log_msg_unref(message);
      sng_test_free_parser(late);
      sng_test_free_parser(parser);
      return;
    }
  g_test_trap_subprocess(NULL, 0, 0);
  g_test_trap_assert_passed();
}

static void
add_tests(void)
{
  g_test_add_data_func("/names/no-new/sdata", make_sdata, test_no_new_names);
  g_test_add_data_func("/names/no-new/human", make_human, test_no_new_names);
  g_test_add_data_func("/names/no-new/json", make_json, test_no_new_names);
  g_test_add_data_func("/names/no-new/other", make_other, test_no_new_names);
  g_test_add_func("/names/init-is-idempotent", test_init_is_idempotent);
  g_test_add_func("/names/set-of-tags", test_set_of_tags);
  g_test_add_func("/names/full-table", test_full_table);
  g_test_add_func("/names/nearly-full-table", test_nearly_full_table);
  g_test_add_func("/names/id-beyond-messages", test_id_beyond_messages);
  g_test_add_func("/names/last-ids-of-messages", test_last_ids_of_messages);
  g_test_add_func("/names/flood-after-init", test_flood_after_init);
}

int
main(int argc, char **argv)
{
  return sng_test_main(argc, argv, add_tests);
}
