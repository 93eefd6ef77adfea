/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sng-test.h"

/* One end of an SSH session, said in every format that the bare parser reads: the same pairs and
 * tags come out.  Then which formats formats() reads. */

#define REMOTE "[fd7a:115c:a1e0:4077::45dd]:40984"
#define LOCAL "[fd7a:115c:a1e0:4450::e413]:1"
#define ID "4d7a5756-1dc1-4e4b-a50d-661a79e1e12f"
#define BUILD "0f6ab3a8-3f6d-4f58-9a0c-8d7c6e5b4a39"
#define DETAIL "process exited with error status: -1"

#define HUMAN_FIELDS                                                                               \
  "remote_addr=" REMOTE "  local_addr=" LOCAL "  id=" ID "  client_session_id=\"\"  "              \
  "connect_type=agent_to_client  exit_code=1  disconnect_detail=\"" DETAIL "\"  "                  \
  "disconnect_reason=workspace_stopped  disconnect_expected=true  disconnect_initiator=server  "   \
  "build_id=" BUILD "  build_reason=autostop  transition=stop"
#define JSON_FIELDS                                                                                \
  "\"remote_addr\":\"" REMOTE "\",\"local_addr\":\"" LOCAL "\",\"id\":\"" ID                       \
  "\",\"client_session_id\":\"\",\"connect_type\":\"agent_to_client\",\"exit_code\":1,"            \
  "\"disconnect_detail\":\"" DETAIL "\",\"disconnect_reason\":\"workspace_stopped\","              \
  "\"disconnect_expected\":true,\"disconnect_initiator\":\"server\",\"build_id\":\"" BUILD         \
  "\",\"build_reason\":\"autostop\",\"transition\":\"stop\""
#define SD_ELEMENT                                                                                 \
  "[coder@32473 connect_type=\"agent_to_client\" site=\"ssh-session\" "                            \
  "disconnect_reason=\"workspace_stopped\" disconnect_expected=\"true\" "                          \
  "disconnect_initiator=\"server\" disconnect_detail=\"" DETAIL "\" exit_code=\"1\" "              \
  "session_id=\"" ID "\" build_id=\"" BUILD "\" build_reason=\"autostop\" "                        \
  "transition=\"stop\" remote_addr=\"[fd7a:115c:a1e0:4077::45dd\\]:40984\" "                       \
  "local_addr=\"[fd7a:115c:a1e0:4450::e413\\]:1\"]"

#define TEXT_LINE "connection_log  ID=1  Type=ssh  DisconnectReason=workspace_stopped  exit_code=1"

#define PAIRS(source)                                                                              \
  "build_id=" BUILD "\nbuild_reason=autostop\nconnect_type=agent_to_client\n"                      \
  "disconnect_detail=" DETAIL "\ndisconnect_expected=true\ndisconnect_initiator=server\n"          \
  "disconnect_reason=workspace_stopped\nexit_code=1\nlocal_addr=" LOCAL "\nremote_addr=" REMOTE    \
  "\nrule=2\nsession_id=" ID "\nsite=ssh-session\nsource=" source "\ntransition=stop"
#define TAGS "disconnect expected layer.agent_to_client reason.workspace_stopped"

static const gchar human[] =
  "2026-11-21 07:37:29.225 [info]  ssh-server: ssh session closed  " HUMAN_FIELDS;

static const gchar json[] =
  "{\"ts\":\"2026-11-21T07:37:29.2Z\",\"level\":\"INFO\",\"msg\":\"ssh session closed\","
  "\"caller\":\"/build/main.go:55\",\"func\":\"main.run\",\"logger_names\":[\"ssh-server\"],"
  "\"fields\":{" JSON_FIELDS "}}";

static const gchar stackdriver[] =
  "{\"logging.googleapis.com/severity\":\"INFO\",\"severity\":\"INFO\","
  "\"message\":\"ssh session closed\",\"timestampSeconds\":1795246649,\"timestampNanos\":1,"
  "\"logging.googleapis.com/operation\":{\"producer\":\"ssh-server\"}," JSON_FIELDS "}";

static const gchar legacy[] =
  "2023-04-21 07:37:29.225 [INFO]\t(ssh-server)\t<./agent/agentssh.go:55>\tagentssh.run\t"
  "ssh session closed\t{" JSON_FIELDS "}";

static const gchar sdata[] = "<30>1 2026-11-21T07:37:29Z ws coder-agentd 7 disconnect " SD_ELEMENT
                             " SSH session ended";

static LogMessage *
make_sdata(void)
{
  return sng_test_message(sdata, strlen(sdata));
}

static LogMessage *
make_human(void)
{
  return sng_test_input(SNG_TEST_NO_PARSE, human, -1);
}

static LogMessage *
make_json(void)
{
  return sng_test_input(SNG_TEST_NO_PARSE, json, -1);
}

static LogMessage *
make_stackdriver(void)
{
  return sng_test_input(SNG_TEST_NO_PARSE, stackdriver, -1);
}

static LogMessage *
make_legacy(void)
{
  return sng_test_input(SNG_TEST_NO_PARSE, legacy, -1);
}

static LogMessage *
make_text(void)
{
  return sng_test_input(SNG_TEST_NO_PARSE, TEXT_LINE, -1);
}

static LogMessage *
make_journald(void)
{
  static const gchar *const fields[][2] = {
    { "CONNECT_TYPE", "agent_to_client" },
    { "SITE", "ssh-session" },
    { "DISCONNECT_REASON", "workspace_stopped" },
    { "DISCONNECT_EXPECTED", "true" },
    { "DISCONNECT_INITIATOR", "server" },
    { "DISCONNECT_DETAIL", DETAIL },
    { "EXIT_CODE", "1" },
    { "SESSION_ID", ID },
    { "BUILD_ID", BUILD },
    { "BUILD_REASON", "autostop" },
    { "TRANSITION", "stop" },
    { "REMOTE_ADDR", REMOTE },
    { "LOCAL_ADDR", LOCAL },
  };
  LogMessage *message = sng_test_input(SNG_TEST_NO_PARSE, "SSH session ended", -1);

  for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
    {
      g_autofree gchar *name = g_strconcat(".journald.CODER_", fields[i][0], NULL);
      sng_test_set(message, name, fields[i][1]);
    }
  return message;
}

typedef struct
{
  const gchar *format;
  LogMessage *(*make)(void);
  const gchar *pairs;
  const gchar *tags;
} Format;

static const Format formats[] = {
  { "sdata", make_sdata, PAIRS("sdata"), TAGS },
  { "slog-human", make_human, PAIRS("slog-human"), TAGS },
  { "slog-json", make_json, PAIRS("slog-json"), TAGS },
  { "stackdriver", make_stackdriver, PAIRS("stackdriver"), TAGS },
  { "slog-legacy", make_legacy, PAIRS("slog-legacy"), TAGS },
  { "text", make_text,
    "app=ssh\nconnect_type=agent_to_client\ndisconnect_expected=true\n"
    "disconnect_reason=workspace_stopped\nexit_code=1\nrule=2\nsource=text",
    TAGS },
  { "journald", make_journald, PAIRS("journald"), TAGS },
};

static void
assert_recognised(const gchar *config, const Format *format)
{
  LogParser *parser = sng_test_parser(config);
  LogMessage *message = format->make();

  g_assert_true(sng_test_process(parser, &message));
  sng_test_assert_pairs(message, ".coder.", format->pairs);
  sng_test_assert_tags(message, "coder.", format->tags);
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

static void
assert_untouched(const gchar *config, const Format *format)
{
  LogParser *parser = sng_test_parser(config);
  LogMessage *message = format->make();
  g_autofree gchar *before = sng_test_snapshot(message);
  g_autofree gchar *after = NULL;

  g_assert_true(sng_test_process(parser, &message));
  after = sng_test_snapshot(message);
  g_assert_cmpstr(after, ==, before);
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

static void
test_bare(gconstpointer format)
{
  assert_recognised("coder-disconnect();", format);
}

/* One format alone is read and none of the others is. */
static void
test_alone(gconstpointer data)
{
  const Format *format = data;
  g_autofree gchar *config = g_strdup_printf("coder-disconnect(formats(%s));", format->format);

  for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
    if (&formats[i] == format)
      assert_recognised(config, &formats[i]);
    else
      assert_untouched(config, &formats[i]);
}

/* Every format but one. */
static void
test_without(gconstpointer data)
{
  const Format *format = data;
  GString *config = g_string_new("coder-disconnect(formats(");

  for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
    if (&formats[i] != format)
      g_string_append_printf(config, "'%s' ", formats[i].format);
  g_string_append(config, "));");
  for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
    if (&formats[i] == format)
      assert_untouched(config->str, &formats[i]);
    else
      assert_recognised(config->str, &formats[i]);
  g_string_free(config, TRUE);
}

static void
test_all_named(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
    assert_recognised("coder-disconnect(formats(sdata slog-human slog-json stackdriver "
                      "slog-legacy text journald));",
                      &formats[i]);
}

/* Structured data is read before native journald fields, and these before the text. */
static void
test_order(void)
{
  LogParser *parser = sng_test_parser("coder-disconnect();");
  LogMessage *message = make_sdata();

  log_msg_set_value(message, LM_V_MESSAGE, human, -1);
  sng_test_set(message, ".journald.CODER_DISCONNECT_REASON", "graceful");
  g_assert_true(sng_test_process(parser, &message));
  sng_test_assert_pairs(message, ".coder.", PAIRS("sdata"));
  log_msg_unref(message);

  message = make_journald();
  log_msg_set_value(message, LM_V_MESSAGE, human, -1);
  g_assert_true(sng_test_process(parser, &message));
  sng_test_assert_pairs(message, ".coder.", PAIRS("journald"));
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

/* Our element without the key is none, and the text is then read. */
static void
test_element_without_reason(void)
{
  static const gchar line[] = "<30>1 2026-11-21T07:37:29Z ws app 7 - [coder@32473 app=\"x\"] -";
  LogParser *parser = sng_test_parser("coder-disconnect();");
  LogMessage *message = sng_test_message(line, strlen(line));

  g_assert_true(sng_test_process(parser, &message));
  sng_test_assert_tags(message, "coder.", "");
  log_msg_set_value(message, LM_V_MESSAGE, human, -1);
  g_assert_true(sng_test_process(parser, &message));
  sng_test_assert_pairs(message, ".coder.", PAIRS("slog-human"));
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

static void
add_format_tests(const Format *format)
{
  g_autofree gchar *bare = g_strdup_printf("/formats/bare/%s", format->format);
  g_autofree gchar *alone = g_strdup_printf("/formats/alone/%s", format->format);
  g_autofree gchar *without = g_strdup_printf("/formats/without/%s", format->format);

  g_test_add_data_func(bare, format, test_bare);
  g_test_add_data_func(alone, format, test_alone);
  g_test_add_data_func(without, format, test_without);
}

static void
add_tests(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
    add_format_tests(&formats[i]);
  g_test_add_func("/formats/all-named", test_all_named);
  g_test_add_func("/formats/order", test_order);
  g_test_add_func("/formats/element-without-reason", test_element_without_reason);
}

int
main(int argc, char **argv)
{
  return sng_test_main(argc, argv, add_tests);
}
