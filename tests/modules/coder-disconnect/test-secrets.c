/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sng-test.h"

#include <string.h>

/* A secret in a sender's words comes out in no pair, whatever the format; MESSAGE keeps it. */

#define PLANTED "S3cr3tPl4nt3d"
#define HEADER "<30>1 2026-11-21T07:37:29Z ws coder-agentd 7 disconnect "
#define HUMAN "2026-11-21 07:37:29.225 [warn]  "
#define JSON "{\"ts\":\"x\",\"level\":\"WARN\",\"msg\":"

static const gchar *const secrets[] = {
  "dial https://u:" PLANTED "@h/x: EOF",
  "GET \"/x?coder_session_token=" PLANTED "&y=1\": EOF",
  "CODER_AGENT_TOKEN=" PLANTED ": EOF",
  "X-Api-Key: " PLANTED,
  "{\"password\":\"" PLANTED " " PLANTED "\"}",
  "run --token " PLANTED ": exit 1",
  "Authorization: Bearer " PLANTED,
  "Set-Cookie: a=" PLANTED "; Path=/",
  "refused Bearer " PLANTED,
  "password: " PLANTED,
  "eyJ" PLANTED PLANTED "." PLANTED,
  "ghp_" PLANTED PLANTED,
  "-----BEGIN RSA PRIVATE KEY-----" PLANTED PLANTED,
};

/* @before and @behind the quoted words; the sender's header where there is one. */
static const struct
{
  const gchar *name;
  SngTestInput input;
  const gchar *before;
  const gchar *behind;
} carriers[] = {
  { "sdata-detail", SNG_TEST_SYSLOG,
    HEADER "[coder@32473 disconnect_reason=\"network_error\" disconnect_detail=", "] x" },
  { "sdata-reason", SNG_TEST_SYSLOG, HEADER "[coder@32473 disconnect_reason=", "] x" },
  { "sdata-app", SNG_TEST_SYSLOG,
    HEADER "[coder@32473 disconnect_reason=\"graceful\" app=", "] x" },
  { "sdata-build-reason", SNG_TEST_SYSLOG,
    HEADER "[coder@32473 disconnect_reason=\"workspace_stopped\" build_reason=", "] x" },
  { "rescued-detail", SNG_TEST_NO_PARSE,
    HEADER "[coder@32473 disconnect_reason=\"network_error\" disconnect_detail=", "] x" },
  { "human-error", SNG_TEST_NO_PARSE, HUMAN "run exited with error  error=", "" },
  { "human-error-beside-a-reason", SNG_TEST_NO_PARSE,
    HUMAN "disconnected from coderd  disconnect_reason=graceful  error=", "" },
  { "human-reason", SNG_TEST_NO_PARSE,
    HUMAN "ssh-server: ssh session closed  disconnect_reason=", "" },
  { "human-detail", SNG_TEST_NO_PARSE,
    HUMAN "ssh-server: ssh session closed  disconnect_reason=graceful  disconnect_detail=", "" },
  { "json-error", SNG_TEST_NO_PARSE,
    JSON "\"run exited with error\",\"fields\":{\"error\":", "}}" },
  { "json-detail", SNG_TEST_NO_PARSE,
    JSON "\"ssh session closed\",\"fields\":{\"disconnect_reason\":\"graceful\","
         "\"disconnect_detail\":",
    "}}" },
  { "connection-log", SNG_TEST_NO_PARSE, "connection_log  ID=1  Type=ssh  DisconnectReason=", "" },
};

static gchar *
make_line(const gchar *before, const gchar *words, const gchar *behind)
{
  GString *line = g_string_new(before);

  g_string_append_c(line, '"');
  for (; *words; words++)
    {
      if (strchr("\"\\", *words))
        g_string_append_c(line, '\\');
      g_string_append_c(line, *words);
    }
  g_string_append_printf(line, "\"%s", behind);
  return g_string_free(line, FALSE);
}

static void
assert_hidden(LogParser *parser, const gchar *prefix, SngTestInput input, const gchar *line)
{
  LogMessage *message = sng_test_input(input, line, -1);
  g_autofree gchar *text = g_strdup(log_msg_get_value(message, LM_V_MESSAGE, NULL));
  g_autofree gchar *pairs = NULL;

  g_assert_true(sng_test_process(parser, &message));
  pairs = sng_test_pairs(message, prefix);
  if (!strstr(pairs, "disconnect_reason=") || !strstr(pairs, "[redacted]")
      || strstr(pairs, "S3cr3t") || strstr(pairs, "Pl4nt3d"))
    g_error("%s\nbecame\n%s", line, pairs);
  g_assert_cmpstr(log_msg_get_value(message, LM_V_MESSAGE, NULL), ==, text);
  log_msg_unref(message);
}

static void
assert_all_hidden(const gchar *config, const gchar *prefix, gsize carrier)
{
  LogParser *parser = sng_test_parser(config);

  for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++)
    {
      g_autofree gchar *line = make_line(carriers[carrier].before, secrets[i],
                                         carriers[carrier].behind);
      assert_hidden(parser, prefix, carriers[carrier].input, line);
    }
  sng_test_free_parser(parser);
}

static void
test_pairs(gconstpointer carrier)
{
  assert_all_hidden("coder-disconnect();", ".coder.", GPOINTER_TO_SIZE(carrier));
}

/* A relay's element is what travels on. */
static void
test_element(gconstpointer carrier)
{
  assert_all_hidden("coder-disconnect(prefix(\".SDATA.coder@32473.\"));", ".SDATA.coder@32473.",
                    GPOINTER_TO_SIZE(carrier));
}

/* What identifies is never redacted: two sessions would become one. */
static void
test_identity_stays(void)
{
  LogParser *parser = sng_test_parser("coder-disconnect();");
  LogMessage *message = sng_test_input(
    SNG_TEST_SYSLOG,
    HEADER "[coder@32473 disconnect_reason=\"graceful\""
           " session_id=\"AbCdEfGhIj-AbCdEfGhIjKlMnOpQrStUv\" remote_addr=\"token=x\"] x",
    -1);

  g_assert_true(sng_test_process(parser, &message));
  g_assert_cmpstr(log_msg_get_value_by_name(message, ".coder.session_id", NULL), ==,
                  "AbCdEfGhIj-AbCdEfGhIjKlMnOpQrStUv");
  g_assert_cmpstr(log_msg_get_value_by_name(message, ".coder.remote_addr", NULL), ==, "token=x");
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

static void
add_tests(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(carriers); i++)
    {
      g_autofree gchar *pairs = g_strdup_printf("/secrets/pairs/%s", carriers[i].name);
      g_autofree gchar *element = g_strdup_printf("/secrets/element/%s", carriers[i].name);
      g_test_add_data_func(pairs, GSIZE_TO_POINTER(i), test_pairs);
      g_test_add_data_func(element, GSIZE_TO_POINTER(i), test_element);
    }
  g_test_add_func("/secrets/identity-stays", test_identity_stays);
}

int
main(int argc, char **argv)
{
  return sng_test_main(argc, argv, add_tests);
}
