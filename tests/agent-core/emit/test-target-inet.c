/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* udp and tcp, with sockets of the test on the other side. */
#include "target-fixture.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

/* A resolver that never answers, and notices that nobody waits any more. */
typedef struct _SilentResolver
{
  GResolver parent;
} SilentResolver;

typedef struct _SilentResolverClass
{
  GResolverClass parent;
} SilentResolverClass;

G_DEFINE_TYPE(SilentResolver, silent_resolver, G_TYPE_RESOLVER)

static guint n_lookups;
static guint n_cancelled;

static void
_on_cancelled(GCancellable *cancellable, gpointer data)
{
  n_cancelled++;
  g_task_return_error_if_cancelled(data);
  g_object_unref(data);
}

static void
_lookup(GResolver *resolver, const gchar *name, GResolverNameLookupFlags flags,
        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new(resolver, cancellable, callback, data);

  n_lookups++;
  g_cancellable_connect(cancellable, G_CALLBACK(_on_cancelled), task, NULL);
}

static GList *
_lookup_finish(GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer(G_TASK(result), error);
}

static void
silent_resolver_class_init(SilentResolverClass *klass)
{
  GResolverClass *resolver = G_RESOLVER_CLASS(klass);

  resolver->lookup_by_name_with_flags_async = _lookup;
  resolver->lookup_by_name_with_flags_finish = _lookup_finish;
}

static void
silent_resolver_init(SilentResolver *self)
{
}

static GResolver *
_silence_resolver(void)
{
  g_autoptr(GResolver) silent = g_object_new(silent_resolver_get_type(), NULL);
  GResolver *usual = g_resolver_get_default();

  g_resolver_set_default(silent);
  n_lookups = n_cancelled = 0;
  return usual;
}

static void
_restore_resolver(GResolver *usual)
{
  g_resolver_set_default(usual);
  g_object_unref(usual);
}

static void
test_udp_arrives_as_it_is(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) peer = fixture_listen_port(0, G_SOCKET_TYPE_DATAGRAM);

  fixture_make(self, "udp:127.0.0.1:%u", fixture_port_of(peer));
  fixture_start_and_wait(self);
  fixture_assert_sent(self, LINE);
  fixture_assert_arrives(peer, LINE);
  g_assert_false(cd_target_is_stream(self->target));
}

static void
test_a_long_datagram_is_refused_and_the_next_is_sent(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) peer = fixture_listen_port(0, G_SOCKET_TYPE_DATAGRAM);
  g_autofree gchar *line = g_strnfill(65508, 'x');

  fixture_make(self, "udp:127.0.0.1:%u", fixture_port_of(peer));
  fixture_start_and_wait(self);
  g_assert_cmpint(cd_target_send(self->target, cd_text_from_string(line)), ==, CD_TARGET_REFUSED);
  fixture_assert_sent(self, LINE);
  fixture_assert_arrives(peer, LINE);
  g_assert_cmpuint(self->n_lost, ==, 0);
}

/* The kernel took the first line; that nobody listens comes back later. */
static void
test_udp_without_a_receiver_is_told_and_tried_again(Fixture *self, gconstpointer data)
{
  guint16 port;
  g_autoptr(GSocket) peer = NULL;

  g_object_unref(fixture_hold_port(G_SOCKET_TYPE_DATAGRAM, &port));
  fixture_make(self, "udp:127.0.0.1:%u", port);
  fixture_start_and_wait(self);
  fixture_assert_sent(self, LINE);
  loop_wait(self->n_lost == 1);
  g_assert_error(self->error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  fixture_assert_lost(self, "nobody receives there");
  loop_wait(self->n_ready == 2);
  peer = fixture_listen_port(port, G_SOCKET_TYPE_DATAGRAM);
  fixture_assert_sent(self, "next");
  fixture_assert_arrives(peer, "next");
}

static void
test_udp_told_by_a_send_keeps_the_line(Fixture *self, gconstpointer data)
{
  guint16 port;

  g_object_unref(fixture_hold_port(G_SOCKET_TYPE_DATAGRAM, &port));
  fixture_make(self, "udp:127.0.0.1:%u", port);
  fixture_start_and_wait(self);
  fixture_assert_sent(self, LINE);
  g_assert_cmpint(cd_target_send(self->target, CD_TEXT(LINE)), ==, CD_TARGET_WAIT);
  loop_wait(self->n_lost == 1);
}

static void
test_udp_answers_are_thrown_away(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) peer = fixture_listen_port(0, G_SOCKET_TYPE_DATAGRAM);
  g_autoptr(GSocketAddress) from = NULL;
  gchar buffer[256];

  fixture_make(self, "udp:127.0.0.1:%u", fixture_port_of(peer));
  fixture_start_and_wait(self);
  fixture_assert_sent(self, LINE);
  g_assert_cmpint(g_socket_receive_from(peer, &from, buffer, sizeof(buffer), NULL, NULL), >, 0);
  for (guint i = 0; i < 100; i++)
    g_assert_cmpint(g_socket_send_to(peer, from, buffer, i % 2, NULL, NULL), ==, i % 2);
  loop_settle();
  fixture_assert_sent(self, "next");
  fixture_assert_arrives(peer, "next");
  g_assert_cmpuint(self->n_lost, ==, 0);
}

static void
test_tcp_arrives_in_counted_frames(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = fixture_listen_port(0, G_SOCKET_TYPE_STREAM);
  g_autoptr(GSocket) peer = NULL;

  fixture_make(self, "tcp:127.0.0.1:%u", fixture_port_of(listener));
  fixture_start_and_wait(self);
  peer = fixture_accept(listener);
  fixture_assert_sent(self, "first");
  fixture_assert_sent(self, "with\nnewline");
  fixture_assert_sent(self, LINE);
  fixture_assert_arrives(peer, "5 first12 with\nnewline69 " LINE);
  g_assert_cmpuint(strlen(LINE), ==, 69);
  g_assert_true(cd_target_is_stream(self->target));
}

static void
test_a_name_is_resolved(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = fixture_listen_port(0, G_SOCKET_TYPE_STREAM);

  fixture_make(self, "tcp:localhost:%u", fixture_port_of(listener));
  fixture_start_and_wait(self);
  g_assert_cmpuint(self->n_lost, ==, 0);
}

static void
test_ipv6_is_reached(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string("::1", 0);
  g_autoptr(GSocket) listener = g_socket_new(G_SOCKET_FAMILY_IPV6, G_SOCKET_TYPE_STREAM,
                                             G_SOCKET_PROTOCOL_DEFAULT, NULL);

  if (!listener || !g_socket_bind(listener, address, TRUE, NULL))
    {
      g_test_skip("no IPv6 here");
      return;
    }
  g_socket_listen(listener, NULL);
  fixture_make(self, "tcp:[::1]:%u", fixture_port_of(listener));
  fixture_start_and_wait(self);
}

/* In the place of what reads the desktop's and the environment's settings. */
typedef struct _ProxyResolver
{
  GObject parent;
} ProxyResolver;

typedef struct _ProxyResolverClass
{
  GObjectClass parent;
} ProxyResolverClass;

static guint n_proxy_lookups;

static void
_lookup_proxy(GProxyResolver *resolver, const gchar *uri, GCancellable *cancellable,
              GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr(GTask) task = g_task_new(resolver, cancellable, callback, data);
  gchar direct[] = "direct://";
  gchar *proxies[] = { direct, NULL };

  n_proxy_lookups++;
  g_task_return_pointer(task, g_strdupv(proxies), NULL);
}

static gchar **
_lookup_proxy_finish(GProxyResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer(G_TASK(result), error);
}

static gboolean
_is_supported(GProxyResolver *resolver)
{
  return TRUE;
}

static void
_proxy_resolver_iface_init(GProxyResolverInterface *iface)
{
  iface->is_supported = _is_supported;
  iface->lookup_async = _lookup_proxy;
  iface->lookup_finish = _lookup_proxy_finish;
}

G_DEFINE_TYPE_WITH_CODE(ProxyResolver, proxy_resolver, G_TYPE_OBJECT,
                        G_IMPLEMENT_INTERFACE(G_TYPE_PROXY_RESOLVER, _proxy_resolver_iface_init))

static void
proxy_resolver_class_init(ProxyResolverClass *klass)
{
}

static void
proxy_resolver_init(ProxyResolver *self)
{
}

static void
test_no_proxy_is_asked_for(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = fixture_listen_port(0, G_SOCKET_TYPE_STREAM);

  g_io_extension_point_register(G_PROXY_RESOLVER_EXTENSION_POINT_NAME);
  g_io_extension_point_implement(G_PROXY_RESOLVER_EXTENSION_POINT_NAME, proxy_resolver_get_type(),
                                 "test", 1000);
  g_assert_true(
    G_TYPE_CHECK_INSTANCE_TYPE(g_proxy_resolver_get_default(), proxy_resolver_get_type()));
  fixture_make(self, "tcp:127.0.0.1:%u", fixture_port_of(listener));
  fixture_start_and_wait(self);
  g_assert_cmpuint(n_proxy_lookups, ==, 0);
}

static void
test_a_refused_connection_is_told_and_tried_again(Fixture *self, gconstpointer data)
{
  guint16 port;
  GSocket *held = fixture_hold_port(G_SOCKET_TYPE_STREAM, &port);
  g_autoptr(GSocket) listener = NULL;

  fixture_make(self, "tcp:127.0.0.1:%u", port);
  fixture_start(self);
  loop_wait(self->n_lost >= 2);
  g_assert_error(self->error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  fixture_assert_lost(self, "cannot reach tcp:127.0.0.1:");
  g_object_unref(held);
  listener = fixture_listen_port(port, G_SOCKET_TYPE_STREAM);
  loop_wait(self->n_ready == 1);
  g_assert_cmpuint(cd_target_get_n_reconnects(self->target), ==, 0);
}

static void
test_a_server_that_closes_is_noticed_at_once(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = fixture_listen_port(0, G_SOCKET_TYPE_STREAM);

  fixture_make(self, "tcp:127.0.0.1:%u", fixture_port_of(listener));
  fixture_start_and_wait(self);
  g_object_unref(fixture_accept(listener));
  loop_wait(self->n_lost == 1);
  g_assert_error(self->error, CD_TARGET_ERROR, CD_TARGET_ERROR_GONE);
  loop_wait(self->n_ready == 2);
  g_assert_cmpuint(cd_target_get_n_reconnects(self->target), ==, 1);
}

static void
test_a_reset_is_noticed_at_once(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = fixture_listen_port(0, G_SOCKET_TYPE_STREAM);
  g_autoptr(GSocket) peer = NULL;
  struct linger at_once = { 1, 0 };

  fixture_make(self, "tcp:127.0.0.1:%u", fixture_port_of(listener));
  fixture_start_and_wait(self);
  peer = fixture_accept(listener);
  g_assert_cmpint(
    setsockopt(g_socket_get_fd(peer), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)), ==, 0);
  g_socket_close(peer, NULL);
  loop_wait(self->n_lost == 1);
  g_assert_error(self->error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

/* The peer's kernel may have any of it, and confirms none. */
static void
test_what_stands_in_the_queue_counts_as_unsent(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = fixture_listen_port(0, G_SOCKET_TYPE_STREAM);
  g_autofree gchar *line = g_strnfill(60000, 'x');
  struct linger at_once = { 1, 0 };
  GSocket *peer;
  gsize unsent;

  fixture_make(self, "tcp:127.0.0.1:%u", fixture_port_of(listener));
  fixture_start_and_wait(self);
  peer = fixture_accept(listener);
  fixture_fill(self, line);
  unsent = cd_target_get_unsent(self->target);
  g_assert_cmpuint(unsent, >, 60000);
  setsockopt(g_socket_get_fd(peer), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  g_object_unref(peer);
  loop_wait(self->n_lost == 1);
  g_assert_cmpuint(self->unsent_when_lost, >=, 60000);
}

/* All that was taken arrives, each frame whole, though neither side has room for one. */
static void
test_partial_frames_arrive_whole(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = fixture_listen_port(0, G_SOCKET_TYPE_STREAM);
  g_autoptr(GSocket) peer = NULL;
  g_autoptr(GString) expected = g_string_new(NULL);
  g_autoptr(GString) got = g_string_new(NULL);
  g_autofree gchar *line = g_strnfill(60000, 'x');

  g_socket_set_option(listener, SOL_SOCKET, SO_RCVBUF, 4096, NULL);
  fixture_make(self, "tcp:127.0.0.1:%u", fixture_port_of(listener))->send_buffer = 4096;
  fixture_start_and_wait(self);
  peer = fixture_accept(listener);
  for (guint i = 0; i < 20; i++)
    {
      guint ready = self->n_ready;
      line[i] = 'y';
      fixture_assert_sent(self, line);
      g_string_append_printf(expected, "60000 %s", line);
      g_assert_cmpint(cd_target_send(self->target, CD_TEXT(LINE)), ==, CD_TARGET_WAIT);
      loop_wait_polling((fixture_read(peer, got), self->n_ready > ready));
    }
  loop_wait_polling((fixture_read(peer, got), got->len == expected->len));
  g_assert_cmpstr(got->str, ==, expected->str);
  loop_wait_polling(cd_target_get_unsent(self->target) == 0);
}

static gint
_get_option(GSocket *socket, gint level, gint name)
{
  gint value = -1;

  g_assert_true(g_socket_get_option(socket, level, name, &value, NULL));
  return value;
}

/* The socket of the target is the one whose peer is the listener's. */
static GSocket *
_find_socket(guint16 port)
{
  for (gint fd = 3; fd < 256; fd++)
    {
      struct sockaddr_in address;
      socklen_t length = sizeof(address);
      if (getpeername(fd, (struct sockaddr *) &address, &length) == 0
          && address.sin_family == AF_INET && ntohs(address.sin_port) == port)
        return g_socket_new_from_fd(dup(fd), NULL);
    }
  return NULL;
}

static void
test_silence_is_noticed_within_30_seconds(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = fixture_listen_port(0, G_SOCKET_TYPE_STREAM);
  g_autoptr(GSocket) ours = NULL;

  fixture_make(self, "tcp:127.0.0.1:%u", fixture_port_of(listener));
  fixture_start_and_wait(self);
  ours = _find_socket(fixture_port_of(listener));
  g_assert_nonnull(ours);
  g_assert_cmpint(_get_option(ours, SOL_SOCKET, SO_KEEPALIVE), ==, 1);
  g_assert_cmpint(_get_option(ours, IPPROTO_TCP, TCP_USER_TIMEOUT), >, 0);
  g_assert_cmpint(_get_option(ours, IPPROTO_TCP, TCP_USER_TIMEOUT), <, 30000);
  g_assert_cmpint(_get_option(ours, IPPROTO_TCP, TCP_KEEPIDLE)
                    + _get_option(ours, IPPROTO_TCP, TCP_KEEPINTVL)
                        * _get_option(ours, IPPROTO_TCP, TCP_KEEPCNT),
                  <, 30);
}

static void
test_a_name_without_an_answer_is_given_up(Fixture *self, gconstpointer data)
{
  GResolver *usual = _silence_resolver();

  fixture_make(self, "tcp:log.example.com:601")->step_ms = 50;
  self->free_when_lost = TRUE;
  fixture_start(self);
  loop_wait(self->n_lost == 1);
  g_assert_error(self->error, CD_TARGET_ERROR, CD_TARGET_ERROR_TIMEOUT);
  g_assert_cmpstr(self->lost->str, ==,
                  "cannot reach tcp:log.example.com:601: its name was not resolved within"
                  " 0.05 s\n");
  g_assert_cmpuint(n_lookups, >, 0);
  loop_wait(n_cancelled == n_lookups);
  _restore_resolver(usual);
}

static void
test_freed_while_resolving_it_calls_nothing(Fixture *self, gconstpointer data)
{
  GResolver *usual = _silence_resolver();

  fixture_make(self, "udp:log.example.com:514");
  fixture_start(self);
  loop_wait(n_lookups > 0);
  fixture_free_target(self);
  loop_wait(n_cancelled == n_lookups);
  loop_settle();
  g_assert_cmpuint(self->n_ready + self->n_lost, ==, 0);
  _restore_resolver(usual);
}

static void
test_a_hindrance_before_the_start_and_while_resolving(Fixture *self, gconstpointer data)
{
  GResolver *usual = _silence_resolver();

  fixture_make(self, "tcp:log.example.com:601");
  fixture_assert_hindrance(self, "not tried yet");
  fixture_start(self);
  loop_wait(n_lookups > 0);
  fixture_assert_hindrance(self, "its name is not resolved yet");
  fixture_free_target(self);
  loop_wait(n_cancelled == n_lookups);
  _restore_resolver(usual);
}

/* A listener with a full backlog answers no SYN; it is the loopback's black hole. */
static GSocket *
_make_black_hole(GSocket **others, gsize n)
{
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new_from_string("127.0.0.1", 0);
  g_autoptr(GSocketAddress) address = NULL;
  GSocket *listener = g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                                   G_SOCKET_PROTOCOL_DEFAULT, NULL);

  g_socket_bind(listener, any, FALSE, NULL);
  g_assert_cmpint(listen(g_socket_get_fd(listener), 0), ==, 0);
  address = g_socket_get_local_address(listener, NULL);
  for (gsize i = 0; i < n; i++)
    {
      others[i] = g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                               G_SOCKET_PROTOCOL_DEFAULT, NULL);
      g_socket_set_blocking(others[i], FALSE);
      g_socket_connect(others[i], address, NULL, NULL);
    }
  return listener;
}

static void
test_a_connection_without_an_answer_is_given_up(Fixture *self, gconstpointer data)
{
  GSocket *others[4];
  g_autoptr(GSocket) hole = _make_black_hole(others, G_N_ELEMENTS(others));

  fixture_make(self, "tcp:127.0.0.1:%u", fixture_port_of(hole))->step_ms = 50;
  self->free_when_lost = TRUE;
  fixture_start(self);
  loop_wait(self->n_lost == 1);
  g_assert_error(self->error, CD_TARGET_ERROR, CD_TARGET_ERROR_TIMEOUT);
  fixture_assert_lost(self, "no connection within 0.05 s");
  for (guint i = 0; i < G_N_ELEMENTS(others); i++)
    g_object_unref(others[i]);
}

/* Of a later attempt it is told, too, how the one before it failed. */
static void
test_a_hindrance_while_connecting(Fixture *self, gconstpointer data)
{
  GSocket *others[4];
  g_autoptr(GSocket) hole = _make_black_hole(others, G_N_ELEMENTS(others));
  CdTargetTuning *tuning = fixture_make(self, "tcp:127.0.0.1:%u", fixture_port_of(hole));

  fixture_start(self);
  loop_settle();
  fixture_assert_hindrance(self, "still connecting");
  fixture_free_target(self);
  tuning = fixture_make(self, "tcp:127.0.0.1:%u", fixture_port_of(hole));
  tuning->step_ms = 50;
  fixture_start(self);
  loop_wait(self->n_lost == 1);
  fixture_assert_hindrance(self, "no connection within 0.05 s");
  tuning->step_ms = 60 * 1000;
  loop_settle();
  fixture_assert_hindrance(self, "still connecting; before: no connection within 0.05 s");
  for (guint i = 0; i < G_N_ELEMENTS(others); i++)
    g_object_unref(others[i]);
}

static void
test_a_hindrance_of_a_full_socket(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = fixture_listen_port(0, G_SOCKET_TYPE_STREAM);
  g_autoptr(GSocket) peer = NULL;
  g_autofree gchar *line = g_strnfill(60000, 'x');

  fixture_make(self, "tcp:127.0.0.1:%u", fixture_port_of(listener));
  fixture_start_and_wait(self);
  peer = fixture_accept(listener);
  fixture_assert_hindrance(self, NULL);
  fixture_fill(self, line);
  fixture_assert_hindrance(self, "the other side takes no more for now");
}

static void
test_freed_while_connecting_it_calls_nothing(Fixture *self, gconstpointer data)
{
  GSocket *others[4];
  g_autoptr(GSocket) hole = _make_black_hole(others, G_N_ELEMENTS(others));

  fixture_make(self, "tcp:127.0.0.1:%u", fixture_port_of(hole));
  fixture_start(self);
  loop_settle();
  fixture_free_target(self);
  loop_settle();
  g_assert_cmpuint(self->n_ready + self->n_lost, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS(others); i++)
    g_object_unref(others[i]);
}

/* Connected, but the loop has not told the target yet. */
static void
test_freed_at_the_moment_of_connecting_it_calls_nothing(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = fixture_listen_port(0, G_SOCKET_TYPE_STREAM);
  g_autoptr(GSocket) peer = NULL;

  for (guint turns = 0; turns < 20; turns++)
    {
      self->n_ready = 0;
      fixture_make(self, "tcp:127.0.0.1:%u", fixture_port_of(listener));
      fixture_start(self);
      for (guint i = 0; i < turns && self->n_ready == 0; i++)
        g_main_context_iteration(NULL, TRUE);
      fixture_free_target(self);
      self->n_ready = 0;
      loop_settle();
      g_assert_cmpuint(self->n_ready + self->n_lost, ==, 0);
      g_clear_object(&peer);
      peer = g_socket_accept(listener, NULL, NULL);
    }
}

/* To close a socket over bytes that nobody read would be a reset. */
static void
test_freed_with_lines_on_their_way_they_arrive(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = fixture_listen_port(0, G_SOCKET_TYPE_STREAM);
  g_autoptr(GSocket) peer = NULL;
  g_autoptr(GError) error = NULL;
  gchar buffer[256] = "";

  fixture_make(self, "tcp:127.0.0.1:%u", fixture_port_of(listener));
  fixture_start_and_wait(self);
  peer = fixture_accept(listener);
  g_assert_cmpint(g_socket_send(peer, "noise", 5, NULL, NULL), ==, 5);
  fixture_assert_sent(self, "last");
  fixture_free_target(self);
  g_socket_set_blocking(peer, TRUE);
  g_assert_cmpint(g_socket_receive(peer, buffer, sizeof(buffer), NULL, &error), ==, 6);
  g_assert_cmpstr(buffer, ==, "4 last");
  g_assert_cmpint(g_socket_receive(peer, buffer, sizeof(buffer), NULL, &error), ==, 0);
  g_assert_no_error(error);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  fixture_add("/target-inet/udp-arrives-as-it-is", test_udp_arrives_as_it_is);
  fixture_add("/target-inet/a-long-datagram-is-refused-and-the-next-is-sent",
              test_a_long_datagram_is_refused_and_the_next_is_sent);
  fixture_add("/target-inet/udp-without-a-receiver-is-told-and-tried-again",
              test_udp_without_a_receiver_is_told_and_tried_again);
  fixture_add("/target-inet/udp-told-by-a-send-keeps-the-line",
              test_udp_told_by_a_send_keeps_the_line);
  fixture_add("/target-inet/udp-answers-are-thrown-away", test_udp_answers_are_thrown_away);
  fixture_add("/target-inet/tcp-arrives-in-counted-frames", test_tcp_arrives_in_counted_frames);
  fixture_add("/target-inet/a-name-is-resolved", test_a_name_is_resolved);
  fixture_add("/target-inet/ipv6-is-reached", test_ipv6_is_reached);
  fixture_add("/target-inet/no-proxy-is-asked-for", test_no_proxy_is_asked_for);
  fixture_add("/target-inet/a-refused-connection-is-told-and-tried-again",
              test_a_refused_connection_is_told_and_tried_again);
  fixture_add("/target-inet/a-server-that-closes-is-noticed-at-once",
              test_a_server_that_closes_is_noticed_at_once);
  fixture_add("/target-inet/a-reset-is-noticed-at-once", test_a_reset_is_noticed_at_once);
  fixture_add("/target-inet/what-stands-in-the-queue-counts-as-unsent",
              test_what_stands_in_the_queue_counts_as_unsent);
  fixture_add("/target-inet/partial-frames-arrive-whole", test_partial_frames_arrive_whole);
  fixture_add("/target-inet/silence-is-noticed-within-30-seconds",
              test_silence_is_noticed_within_30_seconds);
  fixture_add("/target-inet/a-name-without-an-answer-is-given-up",
              test_a_name_without_an_answer_is_given_up);
  fixture_add("/target-inet/freed-while-resolving-it-calls-nothing",
              test_freed_while_resolving_it_calls_nothing);
  fixture_add("/target-inet/a-connection-without-an-answer-is-given-up",
              test_a_connection_without_an_answer_is_given_up);
  fixture_add("/target-inet/freed-while-connecting-it-calls-nothing",
              test_freed_while_connecting_it_calls_nothing);
  fixture_add("/target-inet/freed-at-the-moment-of-connecting-it-calls-nothing",
              test_freed_at_the_moment_of_connecting_it_calls_nothing);
  fixture_add("/target-inet/freed-with-lines-on-their-way-they-arrive",
              test_freed_with_lines_on_their_way_they_arrive);
  fixture_add("/target-inet/a-hindrance-before-the-start-and-while-resolving",
              test_a_hindrance_before_the_start_and_while_resolving);
  fixture_add("/target-inet/a-hindrance-while-connecting", test_a_hindrance_while_connecting);
  fixture_add("/target-inet/a-hindrance-of-a-full-socket", test_a_hindrance_of_a_full_socket);
  return g_test_run();
}
