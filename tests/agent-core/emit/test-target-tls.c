/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* tls, with a server of GIO on the other side and certificates that openssl(1) makes. */
#include "target-fixture.h"

#include <stdlib.h>

/* GCC 12's leak checker crashes over a thread that has thread-local variables of a module that was
 * loaded late, as glib-networking's are. */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
  return "intercept_tls_get_addr=0";
}

static gchar *certificates;  /* folder */
static const gchar *missing; /* why there is no TLS to test with */

typedef struct _Server
{
  GSocket *listener;
  const gchar *certificate;
  const gchar *authority; /* of the client's certificate, %NULL for no matter */
  GSocketConnection *connection;
  GIOStream *tls;
  gboolean is_shaking;
  gboolean is_shaken;
  GString *got;
  GError *error; /* at the end, %NULL for a goodbye */
  gboolean is_at_end;
} Server;

static gchar *
_file(const gchar *name)
{
  return g_build_filename(certificates, name, NULL);
}

/* A certificate with the key of another one. */
static void
_mix(void)
{
  g_autofree gchar *certificate_file = _file("client.crt");
  g_autofree gchar *key_file = _file("good.key");
  g_autofree gchar *mixed_file = _file("mixed.pem");
  g_autofree gchar *certificate = NULL;
  g_autofree gchar *key = NULL;
  g_autofree gchar *mixed = NULL;

  g_assert_true(g_file_get_contents(certificate_file, &certificate, NULL, NULL));
  g_assert_true(g_file_get_contents(key_file, &key, NULL, NULL));
  mixed = g_strconcat(certificate, key, NULL);
  g_assert_true(g_file_set_contents(mixed_file, mixed, -1, NULL));
}

static void
_prepare(void)
{
  g_autoptr(GError) error = NULL;
  g_autofree gchar *openssl = g_find_program_in_path("openssl");
  g_autofree gchar *output = NULL;
  gint status = 0;
  g_autofree gchar *script = g_test_build_filename(G_TEST_DIST, "support", "make-certificates.sh",
                                                   NULL);
  g_autofree gchar *empty = NULL;
  const gchar *argv[] = { "sh", script, NULL, NULL };

  certificates = g_dir_make_tmp("cd-certificates-XXXXXX", NULL);
  argv[2] = certificates;
  if (!g_tls_backend_supports_tls(g_tls_backend_get_default()))
    missing = "glib-networking is not installed";
  else if (!openssl)
    missing = "openssl is not installed";
  if (missing)
    return;
  g_spawn_sync(NULL, (gchar **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, &output, &status,
               &error);
  g_assert_no_error(error);
  if (status != 0)
    g_error("openssl: %s", output);
  empty = _file("empty.pem");
  g_assert_true(g_file_set_contents(empty, "", 0, NULL));
  _mix();
}

static void
_on_server_shaken(GObject *tls, GAsyncResult *result, gpointer data)
{
  Server *server = data;

  server->is_shaking = FALSE;
  if (g_tls_connection_handshake_finish(G_TLS_CONNECTION(tls), result, &server->error))
    server->is_shaken = TRUE;
  else
    server->is_at_end = TRUE;
}

static void
_server_start(Server *server, const gchar *certificate)
{
  *server = (Server) { 0 };
  server->listener = fixture_listen_port(0, G_SOCKET_TYPE_STREAM);
  server->certificate = certificate;
  server->got = g_string_new(NULL);
}

static void
_server_accept(Server *server)
{
  g_autoptr(GSocket) peer = fixture_accept(server->listener);

  server->connection = g_socket_connection_factory_create_connection(peer);
}

static gboolean
_on_client_certificate(GTlsConnection *tls, GTlsCertificate *certificate,
                       GTlsCertificateFlags flaws, gpointer data)
{
  return (flaws & ~G_TLS_CERTIFICATE_BAD_IDENTITY) == 0;
}

/* With its database, or none, from the first: GIO warns where the system trusts nobody. */
static GIOStream *
_wrap_server(Server *server)
{
  g_autofree gchar *file = _file(server->certificate);
  g_autofree gchar *authority = server->authority ? _file(server->authority) : NULL;
  g_autoptr(GTlsCertificate) certificate = g_tls_certificate_new_from_file(file, NULL);
  g_autoptr(GTlsDatabase) database = authority ? g_tls_file_database_new(authority, NULL) : NULL;

  return g_initable_new(g_tls_backend_get_server_connection_type(g_tls_backend_get_default()), NULL,
                        NULL, "base-io-stream", server->connection, "certificate", certificate,
                        "database", database, NULL);
}

static void
_server_shake(Server *server)
{
  _server_accept(server);
  server->tls = _wrap_server(server);
  if (server->authority)
    {
      g_object_set(server->tls, "authentication-mode", G_TLS_AUTHENTICATION_REQUIRED, NULL);
      g_signal_connect(server->tls, "accept-certificate", G_CALLBACK(_on_client_certificate), NULL);
    }
  server->is_shaking = TRUE;
  g_tls_connection_handshake_async(G_TLS_CONNECTION(server->tls), G_PRIORITY_DEFAULT, NULL,
                                   _on_server_shaken, server);
}

/* Reads what lies there; TRUE, so that it fits in a condition. */
static gboolean
_server_read(Server *server)
{
  gchar buffer[65536];
  gssize n;
  GInputStream *input = g_io_stream_get_input_stream(server->tls);

  if (!server->is_shaken || server->is_at_end)
    return TRUE;
  while ((n = g_pollable_input_stream_read_nonblocking(G_POLLABLE_INPUT_STREAM(input), buffer,
                                                       sizeof(buffer), NULL, &server->error))
         > 0)
    g_string_append_len(server->got, buffer, n);
  server->is_at_end = !g_error_matches(server->error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  if (!server->is_at_end)
    g_clear_error(&server->error);
  return TRUE;
}

static void
_server_drop(Server *server)
{
  if (server->connection)
    g_socket_shutdown(g_socket_connection_get_socket(server->connection), TRUE, TRUE, NULL);
  loop_wait(!server->is_shaking);
  if (server->connection)
    g_socket_close(g_socket_connection_get_socket(server->connection), NULL);
  g_clear_object(&server->tls);
  g_clear_object(&server->connection);
  g_clear_error(&server->error);
  server->is_shaken = server->is_at_end = FALSE;
}

static void
_server_stop(Server *server)
{
  _server_drop(server);
  g_object_unref(server->listener);
  g_string_free(server->got, TRUE);
}

static CdTargetTuning *
_make(Fixture *self, const Server *server, CdTargetTls tls)
{
  g_autofree gchar *uri = g_strdup_printf("tls:127.0.0.1:%u", fixture_port_of(server->listener));
  g_autofree gchar *authority = _file(tls.authority ? tls.authority : "ca.pem");
  g_autofree gchar *certificate = tls.certificate ? _file(tls.certificate) : NULL;
  g_autofree gchar *key = tls.key ? _file(tls.key) : NULL;
  CdTargetTls files = { authority, certificate, key, tls.server_name };

  return fixture_make_with(self, uri, &files);
}

static void
_connect(Fixture *self, Server *server)
{
  fixture_start(self);
  _server_shake(server);
  loop_wait_polling(self->n_ready == 1 && server->is_shaken);
}

static void
test_lines_arrive_in_counted_frames(Fixture *self, gconstpointer data)
{
  Server server;

  _server_start(&server, "good.pem");
  _make(self, &server, (CdTargetTls) { 0 });
  _connect(self, &server);
  fixture_assert_sent(self, "first");
  fixture_assert_sent(self, "with\nnewline");
  loop_wait_polling(_server_read(&server) && server.got->len == strlen("5 first12 with\nnewline"));
  g_assert_cmpstr(server.got->str, ==, "5 first12 with\nnewline");
  g_assert_true(cd_target_is_stream(self->target));
  loop_wait_polling(cd_target_get_unsent(self->target) == 0);
  _server_stop(&server);
}

static void
test_freed_it_says_goodbye(Fixture *self, gconstpointer data)
{
  Server server;

  _server_start(&server, "good.pem");
  _make(self, &server, (CdTargetTls) { 0 });
  _connect(self, &server);
  fixture_assert_sent(self, "last");
  fixture_free_target(self);
  loop_wait_polling(_server_read(&server) && server.is_at_end);
  g_assert_no_error(server.error);
  g_assert_cmpstr(server.got->str, ==, "4 last");
  _server_stop(&server);
}

static void
test_a_goodbye_is_noticed(Fixture *self, gconstpointer data)
{
  Server server;

  _server_start(&server, "good.pem");
  _make(self, &server, (CdTargetTls) { 0 });
  _connect(self, &server);
  g_io_stream_close(server.tls, NULL, NULL);
  loop_wait(self->n_lost == 1);
  g_assert_error(self->error, CD_TARGET_ERROR, CD_TARGET_ERROR_GONE);
  fixture_assert_lost(self, "the other side closed it");
  _server_stop(&server);
}

static void
test_an_end_without_goodbye_is_noticed(Fixture *self, gconstpointer data)
{
  Server server;

  _server_start(&server, "good.pem");
  _make(self, &server, (CdTargetTls) { 0 });
  _connect(self, &server);
  _server_drop(&server);
  loop_wait(self->n_lost == 1);
  g_assert_error(self->error, CD_TARGET_ERROR, CD_TARGET_ERROR_GONE);
  fixture_assert_lost(self, "broke off without a goodbye");
  _server_shake(&server);
  loop_wait_polling(self->n_ready == 2 && server.is_shaken);
  fixture_assert_sent(self, "again");
  loop_wait_polling(_server_read(&server) && server.got->len);
  g_assert_cmpstr(server.got->str, ==, "5 again");
  _server_stop(&server);
}

/* Both sides' buffers are full: what was taken arrives whole all the same. */
static void
test_a_full_socket_waits_until_it_is_read(Fixture *self, gconstpointer data)
{
  Server server;
  g_autofree gchar *line = g_strnfill(60000, 'x');
  guint n;

  _server_start(&server, "good.pem");
  _make(self, &server, (CdTargetTls) { 0 })->send_buffer = 4096;
  _connect(self, &server);
  n = fixture_fill(self, line);
  g_assert_cmpuint(cd_target_get_unsent(self->target), >, 0);
  loop_settle();
  g_assert_cmpuint(self->n_ready, ==, 1);
  loop_wait_polling(_server_read(&server) && self->n_ready == 2);
  fixture_assert_sent(self, "last");
  loop_wait_polling(_server_read(&server) && server.got->len == n * 60006 + 6);
  for (guint i = 0; i < n; i++)
    g_assert_true(g_str_has_prefix(server.got->str + i * 60006, "60000 xxx"));
  g_assert_cmpstr(server.got->str + n * 60006, ==, "4 last");
  g_assert_cmpuint(self->n_lost, ==, 0);
  _server_stop(&server);
}

/* To say goodbye would have to wait. */
static void
test_freed_with_a_full_socket_it_does_not_wait(Fixture *self, gconstpointer data)
{
  Server server;
  g_autofree gchar *line = g_strnfill(60000, 'x');

  _server_start(&server, "good.pem");
  _make(self, &server, (CdTargetTls) { 0 })->send_buffer = 4096;
  _connect(self, &server);
  fixture_fill(self, line);
  fixture_free_target(self);
  loop_wait_polling(_server_read(&server) && server.is_at_end);
  g_assert_nonnull(server.error);
  _server_stop(&server);
}

typedef struct _Refusal
{
  const gchar *name;
  const gchar *certificate;
  CdTargetTls tls;
  const gchar *expected;
} Refusal;

/* clang-format off */
static const Refusal refusals[] = {
  { "expired", "expired.pem", { 0 }, "the certificate of 127.0.0.1 has expired\n" },
  { "wrong name", "named.pem", { 0 }, "the certificate of 127.0.0.1 is for another name\n" },
  { "wrong server name", "good.pem", { .server_name = "log.example.com" },
    "the certificate of log.example.com is for another name\n" },
  { "unknown authority", "good.pem", { .authority = "other.pem" },
    "the certificate of 127.0.0.1 is signed by an unknown authority\n" },
  { "two flaws", "named.pem", { .authority = "other.pem" },
    "is for another name and is signed by an unknown authority\n" },
};
/* clang-format on */

static void
test_refusal(Fixture *self, gconstpointer data)
{
  const Refusal *row = data;
  Server server;

  _server_start(&server, row->certificate);
  _make(self, &server, row->tls)->random = fixture_longest_pause;
  fixture_start(self);
  _server_shake(&server);
  loop_wait(self->n_lost == 1);
  g_assert_error(self->error, CD_TARGET_ERROR, CD_TARGET_ERROR_TLS);
  fixture_assert_lost(self, "cannot reach tls:127.0.0.1:");
  fixture_assert_lost(self, row->expected);
  g_assert_cmpuint(self->n_ready, ==, 0);
  loop_wait_polling(server.is_at_end || server.is_shaken);
  _server_stop(&server);
}

static void
test_the_server_name_may_be_given(Fixture *self, gconstpointer data)
{
  Server server;

  _server_start(&server, "named.pem");
  _make(self, &server, (CdTargetTls) { .server_name = "log.example.com" });
  _connect(self, &server);
  g_assert_cmpuint(self->n_lost, ==, 0);
  _server_stop(&server);
}

/* Of the system's authorities none knows ours. GIO may warn that there are none. */
static void
test_without_an_authority_the_system_decides(Fixture *self, gconstpointer data)
{
  Server server;
  g_autofree gchar *uri = NULL;
  GLogLevelFlags fatal = g_log_set_always_fatal(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);

  _server_start(&server, "good.pem");
  uri = g_strdup_printf("tls:127.0.0.1:%u", fixture_port_of(server.listener));
  fixture_make_with(self, uri, NULL)->random = fixture_longest_pause;
  fixture_start(self);
  _server_shake(&server);
  loop_wait(self->n_lost == 1);
  fixture_assert_lost(self, "is signed by an unknown authority");
  loop_wait_polling(server.is_at_end || server.is_shaken);
  _server_stop(&server);
  g_log_set_always_fatal(fatal);
}

static void
test_a_certificate_of_ours_is_shown(Fixture *self, gconstpointer data)
{
  const CdTargetTls ways[] = { { .certificate = "client.pem" },
                               { .certificate = "client.crt", .key = "client.key" } };

  for (guint i = 0; i < G_N_ELEMENTS(ways); i++)
    {
      Server server;
      _server_start(&server, "good.pem");
      server.authority = "ca.pem";
      self->n_ready = 0;
      _make(self, &server, ways[i]);
      _connect(self, &server);
      fixture_assert_sent(self, "a");
      loop_wait_polling(_server_read(&server) && server.got->len);
      g_assert_cmpstr(server.got->str, ==, "1 a");
      fixture_free_target(self);
      _server_stop(&server);
    }
}

/* GIO's server says nothing to such a client; openssl's sends the alert, as others do. */
static GSubprocess *
_spawn_openssl(const gchar *version, guint *port)
{
  g_autoptr(GError) error = NULL;
  g_autofree gchar *good = _file("good.pem");
  g_autofree gchar *authority = _file("ca.pem");
  GSubprocess *server = g_subprocess_new(
    G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
      | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
    &error, "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", good, "-CAfile", authority,
    "-Verify", "1", "-verify_return_error", version, NULL);
  g_autoptr(GDataInputStream) output = NULL;
  g_autofree gchar *line = NULL;

  g_assert_no_error(error);
  output = g_data_input_stream_new(g_subprocess_get_stdout_pipe(server));
  do
    {
      g_free(line);
      line = g_data_input_stream_read_line(output, NULL, NULL, NULL);
      g_assert_nonnull(line);
    }
  while (!g_str_has_prefix(line, "ACCEPT "));
  *port = (guint) g_ascii_strtoull(strrchr(line, ':') + 1, NULL, 10);
  return server;
}

/* In TLS 1.3 the server tells it when we believe to be connected. */
static void
test_a_server_that_wants_a_certificate_is_told(Fixture *self, gconstpointer data)
{
  const gchar *versions[] = { "-tls1_2", "-tls1_3" };
  g_autofree gchar *authority = _file("ca.pem");
  CdTargetTls only_authority = { .authority = authority };

  for (guint i = 0; i < G_N_ELEMENTS(versions); i++)
    {
      guint port;
      g_autoptr(GSubprocess) server = _spawn_openssl(versions[i], &port);
      g_autofree gchar *uri = g_strdup_printf("tls:127.0.0.1:%u", port);
      fixture_make_with(self, uri, &only_authority)->random = fixture_longest_pause;
      fixture_start(self);
      loop_wait(self->n_lost == i + 1);
      g_assert_error(self->error, CD_TARGET_ERROR, CD_TARGET_ERROR_TLS);
      fixture_assert_lost(self, "the server wants a certificate of ours");
      g_string_truncate(self->lost, 0);
      fixture_free_target(self);
      g_subprocess_force_exit(server);
      g_subprocess_wait(server, NULL, NULL);
    }
}

static void
test_a_server_without_tls_is_told(Fixture *self, gconstpointer data)
{
  Server server;
  GSocket *socket;

  _server_start(&server, "good.pem");
  _make(self, &server, (CdTargetTls) { 0 })->random = fixture_longest_pause;
  fixture_start(self);
  _server_accept(&server);
  socket = g_socket_connection_get_socket(server.connection);
  g_assert_cmpint(g_socket_send(socket, "220 ready\r\n", 11, NULL, NULL), ==, 11);
  loop_wait(self->n_lost == 1);
  g_assert_error(self->error, CD_TARGET_ERROR, CD_TARGET_ERROR_TLS);
  fixture_assert_lost(self, "does the server speak TLS there?");
  _server_stop(&server);
}

static void
test_a_server_that_closes_instead_is_told(Fixture *self, gconstpointer data)
{
  Server server;

  _server_start(&server, "good.pem");
  _make(self, &server, (CdTargetTls) { 0 })->random = fixture_longest_pause;
  fixture_start(self);
  _server_accept(&server);
  _server_drop(&server);
  loop_wait(self->n_lost == 1);
  fixture_assert_lost(self, "cannot reach tls:127.0.0.1:");
  _server_stop(&server);
}

static void
test_a_silent_server_is_given_up(Fixture *self, gconstpointer data)
{
  Server server;
  CdTargetTuning *tuning;

  _server_start(&server, "good.pem");
  tuning = _make(self, &server, (CdTargetTls) { 0 });
  tuning->step_ms = 50;
  tuning->random = fixture_longest_pause;
  fixture_start(self);
  loop_wait(self->n_lost == 1);
  g_assert_error(self->error, CD_TARGET_ERROR, CD_TARGET_ERROR_TIMEOUT);
  fixture_assert_lost(self, "no TLS handshake within 0.05 s");
  _server_accept(&server);
  {
    g_autoptr(GString) got = g_string_new(NULL);
    GSocket *socket = g_socket_connection_get_socket(server.connection);
    g_socket_set_blocking(socket, FALSE);
    loop_wait_polling(!fixture_read(socket, got));
  }
  _server_stop(&server);
}

static void
test_a_hindrance_while_shaking_hands(Fixture *self, gconstpointer data)
{
  Server server;

  _server_start(&server, "good.pem");
  _make(self, &server, (CdTargetTls) { 0 });
  fixture_start(self);
  _server_accept(&server);
  loop_wait_polling(
    g_socket_condition_check(g_socket_connection_get_socket(server.connection), G_IO_IN) & G_IO_IN);
  fixture_assert_hindrance(self, "the TLS handshake is not finished");
  fixture_free_target(self);
  _server_stop(&server);
}

static void
test_freed_while_shaking_hands_it_calls_nothing(Fixture *self, gconstpointer data)
{
  Server server;
  g_autoptr(GString) got = g_string_new(NULL);
  GSocket *socket;

  _server_start(&server, "good.pem");
  _make(self, &server, (CdTargetTls) { 0 });
  fixture_start(self);
  _server_accept(&server);
  socket = g_socket_connection_get_socket(server.connection);
  g_socket_set_blocking(socket, FALSE);
  loop_wait_polling((fixture_read(socket, got), got->len > 0));
  fixture_free_target(self);
  loop_wait_polling(!fixture_read(socket, got));
  g_assert_cmpuint(self->n_ready + self->n_lost, ==, 0);
  _server_stop(&server);
}

static void
test_renewed_files_are_read_for_the_next_connection(Fixture *self, gconstpointer data)
{
  Server server;
  g_autofree gchar *authority = g_build_filename(self->folder, "ca.pem", NULL);
  g_autofree gchar *good = _file("ca.pem");
  g_autofree gchar *contents = NULL;
  g_autofree gchar *uri = NULL;
  CdTargetTls files = { .authority = authority };
  gsize length;

  g_assert_true(g_file_get_contents(good, &contents, &length, NULL));
  g_assert_true(g_file_set_contents(authority, contents, (gssize) length, NULL));
  _server_start(&server, "good.pem");
  uri = g_strdup_printf("tls:127.0.0.1:%u", fixture_port_of(server.listener));
  fixture_make_with(self, uri, &files)->random = fixture_longest_pause;
  g_assert_cmpint(g_unlink(authority), ==, 0);
  fixture_start(self);
  loop_wait(self->n_lost == 1);
  fixture_assert_lost(self, "the authority's certificate in");
  g_assert_true(g_file_set_contents(authority, contents, (gssize) length, NULL));
  cd_target_retry(self->target);
  _server_accept(&server); /* what was given up */
  _server_drop(&server);
  _server_shake(&server);
  loop_wait_polling(self->n_ready == 1);
  _server_stop(&server);
}

typedef struct _Files
{
  const gchar *name;
  CdTargetTls tls;
  const gchar *expected;
} Files;

/* clang-format off */
static const Files files[] = {
  { "authority that is not there", { .authority = "none.pem" },
    "none.pem cannot be used: " },
  { "authority without a certificate", { .authority = "empty.pem" },
    "empty.pem cannot be used: there is none in it" },
  { "authority of a key alone", { .authority = "good.key" }, "good.key cannot be used: " },
  { "certificate that is not there", { .certificate = "none.pem" },
    "the certificate in " },
  { "certificate without its key", { .certificate = "client.crt" },
    "client.crt cannot be used: there is none in it" },
  { "key that is not there", { .certificate = "client.crt", .key = "none.key" },
    "none.key cannot be used: " },
  { "key that is none", { .certificate = "client.crt", .key = "ca.pem" },
    "ca.pem cannot be used: there is none in it" },
  { "certificate that is a key", { .certificate = "client.key" },
    "client.key cannot be used: " },
  { "key of another certificate", { .certificate = "client.crt", .key = "good.key" },
    "good.key is not that of the certificate in " },
  { "certificate and another key in one file", { .certificate = "mixed.pem" },
    "mixed.pem is not that of the certificate in " },
  { "key alone", { .key = "client.key" }, "client.key wants its certificate beside it" },
};
/* clang-format on */

static void
test_files(gconstpointer data)
{
  const Files *row = data;
  g_autofree gchar *authority = row->tls.authority ? _file(row->tls.authority) : NULL;
  g_autofree gchar *certificate = row->tls.certificate ? _file(row->tls.certificate) : NULL;
  g_autofree gchar *key = row->tls.key ? _file(row->tls.key) : NULL;
  CdTargetTls tls = { authority, certificate, key, NULL };
  g_autoptr(GError) error = NULL;

  g_assert_false(cd_target_check("tls:localhost:6514", &tls, &error));
  g_assert_error(error, CD_TARGET_ERROR, CD_TARGET_ERROR_TLS);
  if (!strstr(error->message, row->expected))
    g_error("%s: %s", row->name, error->message);
}

static void
test_without_glib_networking_its_package_is_named(void)
{
  g_autoptr(GError) error = NULL;

  if (!g_test_subprocess())
    {
      g_setenv("GIO_USE_TLS", "dummy", TRUE);
      g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_unsetenv("GIO_USE_TLS");
      g_test_trap_assert_passed();
      return;
    }
  g_assert_null(cd_target_new("tls:localhost:6514", NULL, &error));
  g_assert_error(error, CD_TARGET_ERROR, CD_TARGET_ERROR_TLS);
  g_assert_nonnull(strstr(error->message, "install Debian's package glib-networking"));
}

static void
test_skipped(void)
{
  g_test_skip(missing);
}

static void
_add_tests(void)
{
  fixture_add("/target-tls/lines-arrive-in-counted-frames", test_lines_arrive_in_counted_frames);
  fixture_add("/target-tls/freed-it-says-goodbye", test_freed_it_says_goodbye);
  fixture_add("/target-tls/a-goodbye-is-noticed", test_a_goodbye_is_noticed);
  fixture_add("/target-tls/an-end-without-goodbye-is-noticed",
              test_an_end_without_goodbye_is_noticed);
  fixture_add("/target-tls/a-full-socket-waits-until-it-is-read",
              test_a_full_socket_waits_until_it_is_read);
  fixture_add("/target-tls/freed-with-a-full-socket-it-does-not-wait",
              test_freed_with_a_full_socket_it_does_not_wait);
  for (guint i = 0; i < G_N_ELEMENTS(refusals); i++)
    {
      g_autofree gchar *path = g_strdup_printf("/target-tls/refuses/%s", refusals[i].name);
      g_strdelimit(path, " ", '-');
      g_test_add(path, Fixture, &refusals[i], fixture_set_up, test_refusal, fixture_tear_down);
    }
  fixture_add("/target-tls/the-server-name-may-be-given", test_the_server_name_may_be_given);
  fixture_add("/target-tls/without-an-authority-the-system-decides",
              test_without_an_authority_the_system_decides);
  fixture_add("/target-tls/a-certificate-of-ours-is-shown", test_a_certificate_of_ours_is_shown);
  fixture_add("/target-tls/a-server-that-wants-a-certificate-is-told",
              test_a_server_that_wants_a_certificate_is_told);
  fixture_add("/target-tls/a-server-without-tls-is-told", test_a_server_without_tls_is_told);
  fixture_add("/target-tls/a-server-that-closes-instead-is-told",
              test_a_server_that_closes_instead_is_told);
  fixture_add("/target-tls/a-silent-server-is-given-up", test_a_silent_server_is_given_up);
  fixture_add("/target-tls/a-hindrance-while-shaking-hands", test_a_hindrance_while_shaking_hands);
  fixture_add("/target-tls/freed-while-shaking-hands-it-calls-nothing",
              test_freed_while_shaking_hands_it_calls_nothing);
  fixture_add("/target-tls/renewed-files-are-read-for-the-next-connection",
              test_renewed_files_are_read_for_the_next_connection);
  for (guint i = 0; i < G_N_ELEMENTS(files); i++)
    {
      g_autofree gchar *path = g_strdup_printf("/target-tls/files/%s", files[i].name);
      g_strdelimit(path, " ", '-');
      g_test_add_data_func(path, &files[i], test_files);
    }
}

int
main(int argc, char **argv)
{
  gint status;

  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/target-tls/without-glib-networking-its-package-is-named",
                  test_without_glib_networking_its_package_is_named);
  if (g_test_subprocess())
    return g_test_run();
  _prepare();
  if (missing)
    g_test_add_func("/target-tls/all", test_skipped);
  else
    _add_tests();
  status = g_test_run();
  fixture_remove(certificates);
  g_free(certificates);
  return status;
}
