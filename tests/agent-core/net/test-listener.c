/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "net-fixture.h"

#include <gio/gunixsocketaddress.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

static void
_assert_refused(Fixture *self, const gchar *text, gint code, const gchar *part)
{
  g_autoptr(GError) error = NULL;

  g_assert_false(fixture_try(self, text, &error));
  g_assert_error(error, CD_NET_ERROR, code);
  g_test_message("%s", error->message);
  g_assert_nonnull(strstr(error->message, text));
  g_assert_nonnull(strstr(error->message, part));
}

static void
test_a_port_of_none_becomes_one(Fixture *self, gconstpointer data)
{
  fixture_listen(self, "127.0.0.1:0");
  g_assert_true(g_str_has_prefix(cd_listener_get_address(self->listener), "127.0.0.1:"));
  g_assert_false(g_str_has_suffix(cd_listener_get_address(self->listener), ":0"));
  close(fixture_connect(self));
}

static void
test_ipv6_has_brackets(Fixture *self, gconstpointer data)
{
  if (!fixture_has_ipv6())
    {
      g_test_skip("no IPv6 here");
      return;
    }
  fixture_listen(self, "[::1]:0");
  g_assert_true(g_str_has_prefix(cd_listener_get_address(self->listener), "[::1]:"));
  close(fixture_connect(self));
}

static void
test_what_it_takes_neither_waits_nor_is_inherited(Fixture *self, gconstpointer data)
{
  gint client;

  fixture_listen(self, self->address);
  client = fixture_connect(self);
  g_assert_true(fcntl(self->taken[0], F_GETFL) & O_NONBLOCK);
  g_assert_true(fcntl(self->taken[0], F_GETFD) & FD_CLOEXEC);
  close(client);
}

static void
test_a_port_in_use_is_named(Fixture *self, gconstpointer data)
{
  Fixture other;

  fixture_set_up(&other, NULL);
  fixture_listen(&other, "127.0.0.1:0");
  _assert_refused(self, cd_listener_get_address(other.listener), CD_NET_ERROR_IN_USE,
                  "somebody listens there already");
  fixture_tear_down(&other, NULL);
}

static void
test_a_foreign_address_is_an_error(Fixture *self, gconstpointer data)
{
  _assert_refused(self, "192.0.2.1:1", CD_NET_ERROR_FAILED, "bind: ");
}

static void
test_an_abstract_name_is_refused(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocketAddress)
    address = g_unix_socket_address_new_with_type("x", 1, G_UNIX_SOCKET_ADDRESS_ABSTRACT);
  g_autoptr(GError) error = NULL;

  g_assert_null(cd_listener_new(address, fixture_on_accepted, fixture_on_trouble, self, &error));
  g_assert_error(error, CD_NET_ERROR, CD_NET_ERROR_ADDRESS);
}

static void
test_a_unix_socket_is_for_its_owner(Fixture *self, gconstpointer data)
{
  mode_t mask = umask(0);
  struct stat is;

  fixture_listen(self, self->address);
  umask(mask);
  g_assert_cmpint(lstat(self->path, &is), ==, 0);
  g_assert_cmpint(is.st_mode, ==, S_IFSOCK | 0600);
  g_assert_cmpstr(cd_listener_get_address(self->listener), ==, self->address);
  close(fixture_connect(self));
}

/* A socket that was listened at, and is no more. */
static void
_leave_socket(const gchar *path, gint type)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gint fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

  g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
  g_assert_cmpint(bind(fd, (struct sockaddr *) &address, sizeof(address)), ==, 0);
  close(fd);
}

static void
test_a_stale_socket_is_replaced(Fixture *self, gconstpointer data)
{
  _leave_socket(self->path, SOCK_STREAM);
  fixture_listen(self, self->address);
  close(fixture_connect(self));
}

static void
test_a_socket_in_use_stays(Fixture *self, gconstpointer data)
{
  Fixture other = { .path = self->path, .address = self->address };

  fixture_listen(&other, self->address);
  _assert_refused(self, self->address, CD_NET_ERROR_IN_USE, "somebody listens there already");
  close(fixture_connect(&other));
  cd_listener_free(other.listener);
  for (guint i = 0; i < other.n_taken; i++)
    close(other.taken[i]);
}

static void
test_a_file_stays(Fixture *self, gconstpointer data)
{
  g_assert_true(g_file_set_contents(self->path, "mine", -1, NULL));
  _assert_refused(self, self->address, CD_NET_ERROR_IN_USE, "something else than a socket");
  g_assert_true(g_file_test(self->path, G_FILE_TEST_IS_REGULAR));
}

static void
test_a_link_is_not_followed(Fixture *self, gconstpointer data)
{
  g_autofree gchar *end = g_build_filename(self->folder, "end", NULL);

  _leave_socket(end, SOCK_STREAM);
  g_assert_cmpint(symlink(end, self->path), ==, 0);
  _assert_refused(self, self->address, CD_NET_ERROR_IN_USE, "something else than a socket");
  g_assert_cmpint(g_remove(end), ==, 0);
  /* One that leads nowhere is no place to make a socket, either. */
  _assert_refused(self, self->address, CD_NET_ERROR_IN_USE, "something else than a socket");
}

static void
test_a_socket_of_another_user_stays(Fixture *self, gconstpointer data)
{
  if (geteuid() != 0)
    {
      g_test_skip("needs root");
      return;
    }
  _leave_socket(self->path, SOCK_STREAM);
  g_assert_cmpint(chown(self->path, 65534, 65534), ==, 0);
  _assert_refused(self, self->address, CD_NET_ERROR_IN_USE, "a socket of another user");
}

static void
test_a_missing_folder_is_named(Fixture *self, gconstpointer data)
{
  g_autofree gchar *text = g_strconcat(self->address, "/below", NULL);

  _assert_refused(self, text, CD_NET_ERROR_FAILED, "No such file or directory");
}

static void
test_who_holds_the_folder_is_not_waited_for_in_vain(Fixture *self, gconstpointer data)
{
  gint folder = open(self->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  g_assert_cmpint(flock(folder, LOCK_EX), ==, 0);
  _assert_refused(self, self->address, CD_NET_ERROR_FAILED, "cannot be locked");
  close(folder);
}

static void
test_freeing_removes_the_socket(Fixture *self, gconstpointer data)
{
  fixture_listen(self, self->address);
  g_clear_pointer(&self->listener, cd_listener_free);
  g_assert_false(g_file_test(self->path, G_FILE_TEST_EXISTS));
}

static void
test_freeing_leaves_the_socket_of_a_successor(Fixture *self, gconstpointer data)
{
  Fixture other = { .path = self->path };

  fixture_listen(self, self->address);
  g_assert_cmpint(g_remove(self->path), ==, 0);
  fixture_listen(&other, self->address);
  g_clear_pointer(&self->listener, cd_listener_free);
  g_assert_true(g_file_test(self->path, G_FILE_TEST_EXISTS));
  cd_listener_free(other.listener);
}

static void
test_of_many_that_start_one_listens(Fixture *self, gconstpointer data)
{
  GPid pids[8];
  guint n_winners = 0;
  gint winner_holds[2];

  g_assert_cmpint(pipe(winner_holds), ==, 0);
  _leave_socket(self->path, SOCK_STREAM);
  for (gsize i = 0; i < G_N_ELEMENTS(pids); i++)
    if ((pids[i] = fork()) == 0)
      {
        gchar byte;

        close(winner_holds[1]);
        if (!fixture_try(self, self->address, NULL))
          _exit(1);
        _exit(read(winner_holds[0], &byte, 1) != 0);
      }
  close(winner_holds[0]);
  /* All but one end by themselves. */
  for (gsize i = 1; i < G_N_ELEMENTS(pids); i++)
    {
      gint status;

      g_assert_cmpint(waitpid(-1, &status, 0), >, 0);
      n_winners += status == 0;
    }
  g_assert_cmpuint(n_winners, ==, 0);
  close(winner_holds[1]);
  for (gint status; waitpid(-1, &status, 0) > 0;)
    n_winners += status == 0;
  g_assert_cmpuint(n_winners, ==, 1);
}

static void
test_many_that_come_at_once_are_all_taken(Fixture *self, gconstpointer data)
{
  gint clients[40];

  fixture_listen(self, self->address);
  for (gsize i = 0; i < G_N_ELEMENTS(clients); i++)
    clients[i] = fixture_connect_to(self->address, AF_UNIX);
  g_main_context_iteration(NULL, TRUE);
  g_assert_cmpuint(self->n_taken, ==, 16);
  loop_wait(self->n_taken == G_N_ELEMENTS(clients));
  for (gsize i = 0; i < G_N_ELEMENTS(clients); i++)
    close(clients[i]);
}

static void
test_it_may_be_freed_by_who_takes(Fixture *self, gconstpointer data)
{
  gint clients[2];

  self->free_when_taken = TRUE;
  fixture_listen(self, "127.0.0.1:0");
  for (gsize i = 0; i < G_N_ELEMENTS(clients); i++)
    clients[i] = fixture_connect_to(cd_listener_get_address(self->listener), AF_INET);
  loop_wait(!self->listener);
  g_assert_cmpuint(self->n_taken, ==, 1);
  for (gsize i = 0; i < G_N_ELEMENTS(clients); i++)
    close(clients[i]);
}

static struct rlimit
_allow_descriptors(rlim_t n)
{
  struct rlimit before, now;

  getrlimit(RLIMIT_NOFILE, &before);
  now = before;
  now.rlim_cur = n;
  setrlimit(RLIMIT_NOFILE, &now);
  return before;
}

static gboolean
_on_alarm(gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
test_trouble_is_told_once_and_so_is_its_end(Fixture *self, gconstpointer data)
{
  struct rlimit before;
  gint64 over = g_get_monotonic_time() + 250 * 1000; /* two more tries at least */
  guint alarm;
  gint client;

  fixture_listen(self, self->address);
  client = fixture_connect_to(self->address, AF_UNIX);
  before = _allow_descriptors(3);
  alarm = g_timeout_add(10, _on_alarm, NULL);
  loop_wait(self->n_troubles > 0 && g_get_monotonic_time() > over);
  g_source_remove(alarm);
  g_assert_cmpuint(self->n_troubles, ==, 1);
  g_assert_cmpuint(self->n_troubles_over, ==, 0);
  g_assert_error(self->trouble, CD_NET_ERROR, CD_NET_ERROR_FAILED);
  g_assert_nonnull(strstr(self->trouble->message, ": accept: Too many open files"));
  setrlimit(RLIMIT_NOFILE, &before);
  loop_wait(self->n_taken == 1);
  g_assert_cmpuint(self->n_troubles_over, ==, 1);
  close(client);
}

static void
test_it_may_be_freed_in_trouble(Fixture *self, gconstpointer data)
{
  struct rlimit before;
  gint client;

  self->free_in_trouble = TRUE;
  fixture_listen(self, self->address);
  client = fixture_connect_to(self->address, AF_UNIX);
  before = _allow_descriptors(3);
  loop_wait(!self->listener);
  setrlimit(RLIMIT_NOFILE, &before);
  close(client);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  fixture_add("/listener/a-port-of-none-becomes-one", test_a_port_of_none_becomes_one);
  fixture_add("/listener/ipv6-has-brackets", test_ipv6_has_brackets);
  fixture_add("/listener/what-it-takes-neither-waits-nor-is-inherited",
              test_what_it_takes_neither_waits_nor_is_inherited);
  fixture_add("/listener/a-port-in-use-is-named", test_a_port_in_use_is_named);
  fixture_add("/listener/a-foreign-address-is-an-error", test_a_foreign_address_is_an_error);
  fixture_add("/listener/an-abstract-name-is-refused", test_an_abstract_name_is_refused);
  fixture_add("/listener/a-unix-socket-is-for-its-owner", test_a_unix_socket_is_for_its_owner);
  fixture_add("/listener/a-stale-socket-is-replaced", test_a_stale_socket_is_replaced);
  fixture_add("/listener/a-socket-in-use-stays", test_a_socket_in_use_stays);
  fixture_add("/listener/a-file-stays", test_a_file_stays);
  fixture_add("/listener/a-link-is-not-followed", test_a_link_is_not_followed);
  fixture_add("/listener/a-socket-of-another-user-stays", test_a_socket_of_another_user_stays);
  fixture_add("/listener/a-missing-folder-is-named", test_a_missing_folder_is_named);
  fixture_add("/listener/who-holds-the-folder-is-not-waited-for-in-vain",
              test_who_holds_the_folder_is_not_waited_for_in_vain);
  fixture_add("/listener/freeing-removes-the-socket", test_freeing_removes_the_socket);
  fixture_add("/listener/freeing-leaves-the-socket-of-a-successor",
              test_freeing_leaves_the_socket_of_a_successor);
  fixture_add("/listener/of-many-that-start-one-listens", test_of_many_that_start_one_listens);
  fixture_add("/listener/many-that-come-at-once-are-all-taken",
              test_many_that_come_at_once_are_all_taken);
  fixture_add("/listener/may-be-freed-by-who-takes", test_it_may_be_freed_by_who_takes);
  fixture_add("/listener/trouble-is-told-once-and-so-is-its-end",
              test_trouble_is_told_once_and_so_is_its_end);
  fixture_add("/listener/may-be-freed-in-trouble", test_it_may_be_freed_in_trouble);
  return g_test_run();
}
