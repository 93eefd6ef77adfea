/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty-fixture.h"

#include "net/address.h"
#include "rfc5424/header.h"
#include "rfc5424/sdata.h"

#include <glib/gstdio.h>
#include <sys/ioctl.h>
#include <sys/un.h>

#define RECORD_MAX 8192
#define PRI_EXPECTED 30 /* daemon, info */
#define PRI_OTHER 28    /* daemon, warning */

/* --- the server ------------------------------------------------------------------------------- */

static gint
_listen_for_records(const gchar *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gint fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
  g_assert_cmpint(bind(fd, (struct sockaddr *) &address, sizeof(address)), ==, 0);
  return fd;
}

static CdEmitter *
_open_emitter(const gchar *path)
{
  g_autofree gchar *uri = g_strconcat("unix-dgram:", path, NULL);
  const gchar *const uris[] = { uri, NULL };
  const CdEmitterOptions options = { .app_name = "test", .pen = 32473, .uris = uris };
  g_autoptr(GError) error = NULL;
  CdEmitter *emitter = cd_emitter_new(&options, &error);

  g_assert_no_error(error);
  return emitter;
}

void
pty_fixture_listen(PtyFixture *self, const gchar *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketAddress) address = cd_address_parse(text, &error);

  g_assert_no_error(error);
  g_free(self->address);
  self->address = g_strdup(cd_pty_server_listen(self->server, address, &error));
  g_assert_no_error(error);
}

/* The agent notes it before GLib's sockets have SIGPIPE ignored. */
static CdInherited *
_note_inherited(void)
{
  sighandler_t handler = signal(SIGPIPE, SIG_DFL);
  CdInherited *inherited = cd_inherited_new();

  signal(SIGPIPE, handler);
  return inherited;
}

void
pty_fixture_set_up(PtyFixture *self, guint transport)
{
  g_autofree gchar *unix_address = NULL;

  *self = (PtyFixture) { .transport = transport };
  self->folder = g_dir_make_tmp("cd-pty-XXXXXX", NULL);
  g_assert_nonnull(self->folder);
  self->log_path = g_build_filename(self->folder, "log", NULL);
  self->path = g_build_filename(self->folder, "pty", NULL);
  self->log = _listen_for_records(self->log_path);
  self->records = g_ptr_array_new_with_free_func(g_free);
  self->emitter = _open_emitter(self->log_path);
  self->inherited = _note_inherited();
  self->user = (CdUser) { geteuid(), (gchar *) "tester", (gchar *) "/", (gchar *) "/bin/sh" };
  self->host.emitter = self->emitter;
  self->host.user = &self->user;
  self->host.inherited = self->inherited;
  cd_pty_settings_init(&self->host.settings);
  self->server = cd_pty_server_new(&self->host, FALSE);
  unix_address = g_strconcat("unix:", self->path, NULL);
  pty_fixture_listen(self, transport == PTY_UNIX ? unix_address : "127.0.0.1:0");
}

static void
_on_closed(gpointer user_data)
{
  PtyFixture *self = user_data;

  self->is_closed = TRUE;
}

void
pty_fixture_close(PtyFixture *self)
{
  cd_pty_server_close(self->server, _on_closed, self);
}

void
pty_fixture_tear_down(PtyFixture *self)
{
  cd_pty_server_free(self->server);
  loop_settle();
  g_assert_true(cd_emitter_flush(self->emitter, LOOP_PATIENCE_S, NULL));
  if (pty_fixture_count_records(self) > 0)
    g_error("nobody expected %s", (const gchar *) g_ptr_array_index(self->records, 0));
  cd_emitter_free(self->emitter);
  cd_inherited_free(self->inherited);
  g_ptr_array_unref(self->records);
  close(self->log);
  g_unlink(self->log_path);
  g_unlink(self->path);
  g_assert_cmpint(g_rmdir(self->folder), ==, 0);
  g_free(self->log_path);
  g_free(self->path);
  g_free(self->folder);
  g_free(self->address);
}

/* --- records ---------------------------------------------------------------------------------- */

static gboolean
_is_number(const gchar *value, guint64 maximum)
{
  return *value && strspn(value, "0123456789") == strlen(value)
         && g_ascii_strtoull(value, NULL, 10) <= maximum;
}

static gboolean
_is_address(const PtyFixture *self, const gchar *value)
{
  return g_str_has_prefix(value, self->transport == PTY_UNIX ? "unix:" : "");
}

/* Whether a value that differs from run to run makes sense. */
static gboolean
_is_sensible(const PtyFixture *self, const gchar *name, const gchar *value)
{
  if (g_str_equal(name, "connection_id"))
    return g_uuid_string_is_valid(value) && !g_str_equal(value, PTY_ID);
  if (g_str_equal(name, "run_id"))
    return g_str_equal(value, cd_emitter_get_run_id(self->emitter));
  if (g_str_equal(name, "duration_ms"))
    return _is_number(value, LOOP_PATIENCE_S * 1000);
  if (g_str_equal(name, "bytes_in"))
    return _is_number(value, self->sent_max) && !g_str_equal(value, "0");
  if (g_str_has_suffix(name, "_addr"))
    return _is_address(self, value);
  return _is_number(value, G_MAXINT64);
}

static gboolean
_is_fixed(const gchar *name)
{
  static const gchar *const fixed[] = {
    "connect_type",
    "site",
    "disconnect_reason",
    "disconnect_expected",
    "disconnect_initiator",
    "exit_code",
    "disconnect_detail",
    "rule",
    "session_id",
    "app",
    NULL,
  };

  return g_strv_contains(fixed, name);
}

static void
_show_param(const PtyFixture *self, GString *shown, CdText name, CdText value)
{
  CdStatement storage;
  CdText plain;
  g_autofree gchar *key = g_strndup(name.data, name.length);
  g_autofree gchar *text = NULL;

  cd_statement_init(&storage, CD_SOURCE_SDATA);
  plain = cd_sdata_unescape(value, &storage);
  text = g_strndup(plain.data, plain.length);
  cd_statement_clear(&storage);
  if (!_is_fixed(key) && !_is_sensible(self, key, text))
    g_error("a record's %s is \"%s\"", key, text);
  g_string_append_printf(shown, "%s=%s\n", key, _is_fixed(key) ? text : "*");
}

static gchar *
_show(const PtyFixture *self, CdText line)
{
  GString *shown = g_string_new(NULL);
  CdHeader header;
  CdSdata reader;
  CdText id, name, value;

  g_assert_cmpint(cd_header_read(line, &header), ==, CD_HEADER_WHOLE);
  g_string_append_printf(shown, "pri=%u\n", header.priority);
  cd_sdata_init(&reader, header.sdata);
  g_assert_true(cd_sdata_next_element(&reader, &id));
  g_assert_true(cd_text_is(id, "coder@32473"));
  while (cd_sdata_next_param(&reader, &name, &value))
    _show_param(self, shown, name, value);
  return g_string_free(shown, FALSE);
}

static void
_fetch_records(PtyFixture *self)
{
  gchar buffer[RECORD_MAX];
  gssize n;

  while ((n = recv(self->log, buffer, sizeof(buffer), MSG_DONTWAIT)) > 0)
    g_ptr_array_add(self->records, _show(self, (CdText) { buffer, (gsize) n }));
}

guint
pty_fixture_count_records(PtyFixture *self)
{
  _fetch_records(self);
  return self->records->len;
}

static void
_append(GString *text, const gchar *name, const gchar *value)
{
  if (value)
    g_string_append_printf(text, "%s=%s\n", name, value);
}

/* In the order of the wire. */
static gchar *
_describe(const PtyFixture *self, const PtyEnd *end)
{
  GString *text = g_string_new(NULL);
  const gchar *session = end->session ? end->session : PTY_ID;

  g_string_append_printf(text, "pri=%u\n", end->expected ? PRI_EXPECTED : PRI_OTHER);
  g_string_append(text, "connect_type=agent_to_client\nsite=pty\n");
  _append(text, "disconnect_reason", end->reason);
  _append(text, "disconnect_expected", end->expected ? "true" : "false");
  _append(text, "disconnect_initiator", end->initiator);
  _append(text, "disconnect_detail", end->detail);
  _append(text, "exit_code", end->exit_code);
  g_string_append_printf(text, "rule=%u\n", end->rule);
  _append(text, "session_id", *session ? session : NULL);
  g_string_append(text, "connection_id=*\napp=reconnecting_pty\nremote_addr=*\nlocal_addr=*\n"
                        "duration_ms=*\nbytes_in=*\nbytes_out=*\n");
  if (self->transport == PTY_TCP)
    g_string_append(text, "tcp_rtt_us=*\ntcp_retransmits=*\ntcp_unsent=*\ntcp_idle_ms=*\n");
  g_string_append(text, "run_id=*\n");
  return g_string_free(text, FALSE);
}

void
pty_fixture_assert_record(PtyFixture *self, const PtyEnd *end)
{
  g_autofree gchar *expected = _describe(self, end);

  pty_wait(pty_fixture_count_records(self) > 0);
  g_assert_cmpstr(g_ptr_array_index(self->records, 0), ==, expected);
  g_ptr_array_remove_index(self->records, 0);
}

/* --- clients ---------------------------------------------------------------------------------- */

static gint
_make_socket(const PtyFixture *self)
{
  gint family = self->transport == PTY_UNIX ? AF_UNIX : AF_INET;

  return socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static PtyPeer *
_connect(PtyFixture *fixture, gint fd)
{
  PtyPeer *self = g_new0(PtyPeer, 1);
  g_autoptr(GSocketAddress) address = cd_address_parse(fixture->address, NULL);
  struct sockaddr_storage native;

  self->fixture = fixture;
  self->output = g_string_new(NULL);
  self->fd = fd;
  g_assert_true(g_socket_address_to_native(address, &native, sizeof(native), NULL));
  g_assert_cmpint(connect(self->fd, (struct sockaddr *) &native,
                          (socklen_t) g_socket_address_get_native_size(address)),
                  ==, 0);
  return self;
}

PtyPeer *
pty_peer_new_from(PtyFixture *fixture, gint fd)
{
  guint64 before = fixture->host.figures.connections;
  PtyPeer *self = _connect(fixture, fd);

  pty_wait(fixture->host.figures.connections > before);
  return self;
}

PtyPeer *
pty_peer_new_unaccepted(PtyFixture *fixture)
{
  return _connect(fixture, _make_socket(fixture));
}

PtyPeer *
pty_peer_new(PtyFixture *fixture)
{
  return pty_peer_new_from(fixture, _make_socket(fixture));
}

PtyPeer *
pty_peer_new_narrow(PtyFixture *fixture)
{
  const gint size = 1;
  gint fd = _make_socket(fixture);

  g_assert_cmpint(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)), ==, 0);
  return pty_peer_new_from(fixture, fd);
}

static void
_close(PtyPeer *self)
{
  if (self->fd >= 0)
    g_assert_cmpint(close(self->fd), ==, 0);
  self->fd = -1;
}

void
pty_peer_free(PtyPeer *self)
{
  _close(self);
  g_string_free(self->output, TRUE);
  g_free(self);
}

static gboolean
_send_some(PtyPeer *self, const gchar **bytes, gsize *length)
{
  gssize n = send(self->fd, *bytes, *length, MSG_DONTWAIT | MSG_NOSIGNAL);

  if (n < 0)
    {
      g_assert_cmpint(errno, ==, EAGAIN);
      return FALSE;
    }
  *bytes += n;
  *length -= (gsize) n;
  return *length == 0;
}

void
pty_peer_send(PtyPeer *self, const gchar *bytes, gsize length)
{
  self->n_sent += length;
  self->fixture->sent_max = MAX(self->fixture->sent_max, self->n_sent);
  pty_wait(_send_some(self, &bytes, &length));
}

void
pty_peer_say(PtyPeer *self, const gchar *text)
{
  pty_peer_send(self, text, strlen(text));
}

GString *
pty_frame(const gchar *json)
{
  gsize length = strlen(json);
  GString *frame = g_string_new(NULL);

  g_string_append_c(frame, (gchar) (length & 0xff));
  g_string_append_c(frame, (gchar) (length >> 8));
  g_string_append(frame, json);
  return frame;
}

GString *
pty_make_init(const gchar *id, const gchar *command, guint rows, guint columns)
{
  g_autofree gchar *json = g_strdup_printf(
    "{\"ID\":\"%s\",\"Height\":%u,\"Width\":%u,\"Command\":\"%s\",\"Container\":\"\","
    "\"ContainerUser\":\"\",\"BackendType\":\"buffered\"}",
    id, rows, columns, command);

  return pty_frame(json);
}

void
pty_peer_greet_with(PtyPeer *self, const gchar *id, const gchar *command, guint rows, guint columns)
{
  g_autoptr(GString) frame = pty_make_init(id, command, rows, columns);

  pty_peer_send(self, frame->str, frame->len);
}

void
pty_peer_greet(PtyPeer *self, const gchar *command)
{
  pty_peer_greet_with(self, PTY_ID, command, 24, 80);
}

static void
_take(PtyPeer *self, const gchar *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (bytes[i] != '\r')
      g_string_append_c(self->output, bytes[i]);
}

static void
_read(PtyPeer *self)
{
  gchar buffer[64 * 1024];
  gssize n;

  while ((n = recv(self->fd, buffer, sizeof(buffer), MSG_DONTWAIT)) > 0)
    _take(self, buffer, (gsize) n);
  if (n < 0 && errno == EAGAIN)
    return;
  self->has_ended = TRUE;
  self->end_code = n < 0 ? errno : 0;
}

gboolean
pty_peer_has(PtyPeer *self, const gchar *text)
{
  if (!self->has_ended)
    _read(self);
  return strstr(self->output->str, text) != NULL;
}

gboolean
pty_peer_has_got(PtyPeer *self, gsize length)
{
  pty_peer_has(self, "");
  return self->output->len >= length;
}

void
pty_peer_await(PtyPeer *self, const gchar *text)
{
  pty_wait(pty_peer_has(self, text) || self->has_ended);
  if (!pty_peer_has(self, text))
    g_error("\"%s\" did not come: %s", text, self->output->str);
}

static gboolean
_has_ended(PtyPeer *self)
{
  pty_peer_has(self, "");
  return self->has_ended;
}

gint
pty_peer_await_end(PtyPeer *self)
{
  pty_wait(_has_ended(self));
  return self->end_code;
}

void
pty_peer_join(PtyPeer *self, const gchar *command)
{
  pty_peer_greet(self, command);
  pty_peer_await(self, "ready");
}

void
pty_peer_greet_wrongly(PtyPeer *self, const gchar *json)
{
  g_autoptr(GString) frame = pty_frame(json);

  pty_peer_send(self, frame->str, frame->len);
  g_assert_cmpint(pty_peer_await_end(self), ==, 0);
}

void
pty_peer_ask_wrongly(PtyPeer *self, const gchar *request)
{
  pty_peer_join(self, PTY_IDLE);
  pty_peer_say(self, request);
  g_assert_cmpint(pty_peer_await_end(self), ==, 0);
}

gsize
pty_peer_count_unread(const PtyPeer *self)
{
  gint n = 0;

  g_assert_cmpint(ioctl(self->fd, FIONREAD, &n), ==, 0);
  return (gsize) n;
}

void
pty_peer_await_unread(PtyPeer *self, gsize length)
{
  pty_wait(pty_peer_count_unread(self) >= length);
}

static gboolean
_is_other_end(const PtyPeer *self, gint fd)
{
  struct sockaddr_storage near = { 0 }, far = { 0 };
  socklen_t near_size = sizeof(near), far_size = sizeof(far);

  return getsockname(self->fd, (struct sockaddr *) &near, &near_size) == 0
         && getpeername(fd, (struct sockaddr *) &far, &far_size) == 0 && near_size == far_size
         && memcmp(&near, &far, near_size) == 0;
}

gint
pty_peer_find_other_end(const PtyPeer *self)
{
  for (gint fd = 3; fd < 1024; fd++)
    if (_is_other_end(self, fd))
      return fd;
  g_assert_not_reached();
}

gsize
pty_peer_count_unacknowledged(const PtyPeer *self)
{
  gint n = 0;

  if (self->fixture->transport == PTY_TCP)
    g_assert_cmpint(ioctl(pty_peer_find_other_end(self), TIOCOUTQ, &n), ==, 0);
  return (gsize) n;
}

void
pty_peer_leave(PtyPeer *self)
{
  if (!self->has_ended)
    _read(self);
  _close(self);
}

void
pty_peer_reset(PtyPeer *self)
{
  const struct linger linger = { .l_onoff = 1 };

  g_assert_cmpint(setsockopt(self->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)), ==, 0);
  _close(self);
}

/* --- tests ------------------------------------------------------------------------------------ */

typedef struct _Added
{
  guint transport;
  PtyTest test;
} Added;

static void
_run(gconstpointer data)
{
  const Added *self = data;
  PtyFixture fixture;

  pty_fixture_set_up(&fixture, self->transport);
  self->test(&fixture);
  pty_fixture_tear_down(&fixture);
}

void
pty_add_test(const gchar *path, guint transports, PtyTest test)
{
  for (guint transport = PTY_UNIX; transport <= PTY_TCP; transport <<= 1)
    {
      const gchar *name = transport == PTY_UNIX ? "unix" : "tcp";
      g_autofree gchar *full = g_strdup_printf("%s/%s", path, name);
      Added *added;

      if (!(transports & transport))
        continue;
      added = g_new(Added, 1);
      *added = (Added) { transport, test };
      g_test_add_data_func_full(full, added, _run, g_free);
    }
}
