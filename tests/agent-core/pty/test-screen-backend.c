/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sessions of the backend `screen`, with the real screen(1) and with pretended ones. */
#include "pty-fixture.h"

#include "pty/gnu-screen.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

/* A program that tells that it runs, and shows what is typed. */
#define IDLE "echo ready; exec cat"

#define ENDED                                                                                      \
  {                                                                                                \
    .reason = "graceful", .expected = TRUE, .initiator = "agent", .rule = 36,                      \
    .detail = "screen ended"                                                                       \
  }
#define CLOSED                                                                                     \
  {                                                                                                \
    .reason = "client_closed", .expected = TRUE, .initiator = "client", .rule = 25                 \
  }

static gchar *folder;
static gchar *path;

static void
_set_up(PtyFixture *self)
{
  pty_fixture_set_up(self, PTY_UNIX);
  self->host.settings.backend = CD_PTY_BACKEND_SCREEN;
}

static PtyPeer *
_ask_for(PtyFixture *fixture, const gchar *command)
{
  g_autofree gchar *json = g_strdup_printf("{\"ID\":\"" PTY_ID "\",\"Height\":24,\"Width\":80,"
                                           "\"Command\":\"%s\",\"BackendType\":\"screen\"}",
                                           command);
  g_autoptr(GString) frame = pty_frame(json);
  PtyPeer *peer = pty_peer_new(fixture);

  pty_peer_send(peer, frame->str, frame->len);
  return peer;
}

static void
_assert_end(PtyFixture *fixture, PtyEnd end)
{
  pty_fixture_assert_record(fixture, &end);
}

static void
_assert_not_started(PtyFixture *fixture, const gchar *detail)
{
  const PtyEnd end = { "unknown", FALSE, "agent", 42, detail };

  pty_fixture_assert_record(fixture, &end);
}

static gboolean
_is_a_screen_left(void)
{
  g_autofree gchar *sockets = g_build_filename(folder, "sockets", NULL);
  g_autoptr(GDir) dir = g_dir_open(sockets, 0, NULL);

  return dir && g_dir_read_name(dir) != NULL;
}

static void
_await_no_session(PtyFixture *fixture)
{
  pty_wait(fixture->host.figures.n_sessions == 0);
  pty_wait(!_is_a_screen_left());
}

/* --- ends ------------------------------------------------------------------------------------- */

static void
_test_program_ends(void)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) peer = NULL;

  _set_up(&fixture);
  peer = _ask_for(&fixture, "echo ready; read line; exit 3");
  pty_peer_await(peer, "ready");
  pty_peer_say(peer, "{\"data\":\"\\r\"}");
  g_assert_cmpint(pty_peer_await_end(peer), ==, 0);
  _assert_end(&fixture, (PtyEnd) ENDED);
  pty_peer_leave(peer);
  _await_no_session(&fixture);
  g_assert_cmpuint(fixture.host.figures.idle_sessions, ==, 0);
  pty_fixture_tear_down(&fixture);
}

static void
_test_program_ends_at_once(void)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) peer = NULL;

  _set_up(&fixture);
  peer = _ask_for(&fixture, "true");
  g_assert_cmpint(pty_peer_await_end(peer), ==, 0);
  _assert_end(&fixture, (PtyEnd) ENDED);
  pty_peer_leave(peer);
  _await_no_session(&fixture);
  pty_fixture_tear_down(&fixture);
}

static void
_test_each_client_has_a_record(void)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) one = NULL;
  g_autoptr(PtyPeer) two = NULL;

  _set_up(&fixture);
  one = _ask_for(&fixture, "echo ready; read line");
  two = _ask_for(&fixture, "echo another");
  pty_peer_await(one, "ready");
  pty_peer_await(two, "ready");
  pty_peer_say(one, "{\"data\":\"\\r\"}");
  pty_peer_await_end(one);
  pty_peer_await_end(two);
  _assert_end(&fixture, (PtyEnd) ENDED);
  _assert_end(&fixture, (PtyEnd) ENDED);
  g_assert_cmpuint(fixture.host.figures.sessions, ==, 1);
  pty_peer_leave(one);
  pty_peer_leave(two);
  _await_no_session(&fixture);
  pty_fixture_tear_down(&fixture);
}

/* The client of screen in this process's own children; 0 for none. */
static GPid
_find_screen_client(void)
{
  g_autofree gchar *list = NULL;
  g_autofree gchar *children = g_strdup_printf("/proc/self/task/%d/children", getpid());
  g_auto(GStrv) pids = NULL;

  if (!g_file_get_contents(children, &list, NULL, NULL))
    return 0;
  pids = g_strsplit(list, " ", -1);
  return (GPid) g_ascii_strtoll(pids[0], NULL, 10);
}

static void
_test_client_of_screen_is_killed(void)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) peer = NULL;

  _set_up(&fixture);
  peer = _ask_for(&fixture, IDLE);
  pty_peer_await(peer, "ready"); /* before, its end is that of the screen it is starting */
  pty_wait(fixture.host.figures.sessions == 1);
  g_assert_cmpint(kill(_find_screen_client(), SIGKILL), ==, 0);
  pty_peer_await_end(peer);
  _assert_end(&fixture, (PtyEnd) { "unknown", FALSE, "agent", 38,
                                   "killed by signal 9 (KILL); screen's client" });
  pty_peer_leave(peer);
  pty_fixture_close(&fixture);
  pty_wait(fixture.is_closed);
  pty_fixture_tear_down(&fixture);
}

/* --- coming and leaving ----------------------------------------------------------------------- */

static void
_test_client_comes_back(void)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) first = NULL;
  g_autoptr(PtyPeer) second = NULL;

  _set_up(&fixture);
  first = _ask_for(&fixture, IDLE);
  pty_peer_await(first, "ready");
  pty_peer_say(first, "{\"data\":\"one more\\r\"}");
  pty_peer_await(first, "one more\none more");
  pty_peer_leave(first);
  _assert_end(&fixture, (PtyEnd) CLOSED);
  second = _ask_for(&fixture, "echo another");
  pty_peer_await(second, "ready\none more\none more");
  g_assert_cmpuint(fixture.host.figures.sessions, ==, 1);
  pty_peer_leave(second);
  _assert_end(&fixture, (PtyEnd) CLOSED);
  pty_fixture_close(&fixture);
  pty_wait(fixture.is_closed);
  pty_wait(!_is_a_screen_left());
  pty_fixture_tear_down(&fixture);
}

static void
_test_early_input_waits(void)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) peer = NULL;

  _set_up(&fixture);
  peer = _ask_for(&fixture, "read line; echo \\\"got $line\\\"; exec cat");
  pty_peer_say(peer, "{\"data\":\"early\\r\",\"height\":30,\"width\":90}");
  pty_peer_await(peer, "got early");
  pty_peer_leave(peer);
  _assert_end(&fixture, (PtyEnd) CLOSED);
  pty_fixture_tear_down(&fixture);
}

static void
_test_nobody_waits_any_more(void)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) peer = NULL;

  _set_up(&fixture);
  peer = _ask_for(&fixture, IDLE);
  pty_wait(fixture.host.figures.n_sessions == 1);
  g_assert_cmpuint(fixture.host.figures.sessions, ==, 0);
  pty_peer_leave(peer);
  _assert_end(&fixture, (PtyEnd) CLOSED);
  _await_no_session(&fixture);
  pty_fixture_tear_down(&fixture);
}

static void
_test_idle_session_quits(void)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) peer = NULL;

  _set_up(&fixture);
  fixture.host.settings.idle_timeout_ms = 50;
  peer = _ask_for(&fixture, IDLE);
  pty_peer_await(peer, "ready");
  pty_wait(fixture.host.figures.sessions == 1);
  pty_peer_leave(peer);
  _assert_end(&fixture, (PtyEnd) CLOSED);
  _await_no_session(&fixture);
  g_assert_cmpuint(fixture.host.figures.idle_sessions, ==, 1);
  pty_fixture_tear_down(&fixture);
}

static void
_test_agent_goes_away(void)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) peer = NULL;

  _set_up(&fixture);
  peer = _ask_for(&fixture, IDLE);
  pty_peer_await(peer, "ready");
  pty_wait(fixture.host.figures.sessions == 1);
  pty_fixture_close(&fixture);
  g_assert_cmpint(pty_peer_await_end(peer), ==, 0);
  pty_peer_leave(peer);
  pty_wait(fixture.is_closed);
  _assert_end(&fixture, (PtyEnd) { "server_shutdown", TRUE, "agent", 4 });
  pty_wait(!_is_a_screen_left());
  pty_fixture_tear_down(&fixture);
}

/* The process behind the session; its socket is called after it. */
static GPid
_find_screen(void)
{
  g_autofree gchar *sockets = g_build_filename(folder, "sockets", NULL);
  g_autoptr(GDir) dir = g_dir_open(sockets, 0, NULL);

  return (GPid) g_ascii_strtoll(g_dir_read_name(dir), NULL, 10);
}

static void
_remove_dead_socket(void)
{
  g_autofree gchar *sockets = g_build_filename(folder, "sockets", NULL);
  g_autoptr(GDir) dir = g_dir_open(sockets, 0, NULL);
  g_autofree gchar *path_of_socket = g_build_filename(sockets, g_dir_read_name(dir), NULL);

  g_assert_cmpint(g_unlink(path_of_socket), ==, 0);
}

static void
_test_killed_screen_is_not_told_to_quit_again(void)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) peer = NULL;

  _set_up(&fixture);
  fixture.host.settings.attach_timeout_ms = G_MAXINT / 2;
  peer = _ask_for(&fixture, IDLE);
  pty_peer_await(peer, "ready");
  pty_wait(fixture.host.figures.sessions == 1);
  g_assert_cmpint(kill(_find_screen(), SIGKILL), ==, 0);
  pty_fixture_close(&fixture);
  pty_peer_await_end(peer);
  pty_peer_leave(peer);
  pty_wait(fixture.is_closed);
  _assert_end(&fixture, (PtyEnd) { "server_shutdown", TRUE, "agent", 4 });
  _remove_dead_socket();
  pty_fixture_tear_down(&fixture);
}

/* --- what cannot be started ------------------------------------------------------------------- */

static void
_pretend(const gchar *script)
{
  g_autofree gchar *bin = g_build_filename(folder, "bin", NULL);
  g_autofree gchar *file = g_build_filename(bin, "screen", NULL);
  g_autofree gchar *pretended = g_strconcat(bin, ":", path, NULL);

  g_assert_cmpint(g_mkdir_with_parents(bin, 0700), ==, 0);
  g_assert_true(g_file_set_contents(file, script, -1, NULL));
  g_assert_cmpint(g_chmod(file, 0700), ==, 0);
  g_setenv("PATH", pretended, TRUE);
}

static void
_assert_fails(const gchar *detail)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) one = NULL;
  g_autoptr(PtyPeer) two = NULL;

  _set_up(&fixture);
  fixture.host.settings.attach_timeout_ms = 500;
  one = _ask_for(&fixture, IDLE);
  two = _ask_for(&fixture, IDLE);
  g_assert_cmpint(pty_peer_await_end(one), ==, 0);
  g_assert_cmpint(pty_peer_await_end(two), ==, 0);
  _assert_not_started(&fixture, detail);
  _assert_not_started(&fixture, detail);
  g_assert_cmpuint(fixture.host.figures.sessions, ==, 0);
  pty_peer_leave(one);
  pty_peer_leave(two);
  pty_wait(fixture.host.figures.n_sessions == 0);
  g_setenv("PATH", path, TRUE);
  pty_fixture_tear_down(&fixture);
}

static void
_test_not_installed(void)
{
  g_setenv("PATH", "/nonexistent", TRUE);
  _assert_fails("could not be started: screen is not installed");
}

static void
_test_fails_with_a_word(void)
{
  _pretend("#!/bin/sh\necho 'Cannot make directory'\nexit 1\n");
  _assert_fails("could not be started: screen: Cannot make directory");
}

static void
_test_never_answers(void)
{
  _pretend("#!/bin/sh\ncase $* in *version | *quit) exit 1 ;; esac\nexec cat\n");
  _assert_fails("could not be started: screen did not answer in 500 ms");
}

/* It answers once, and has gone then, though who looks at it has not been told. */
static void
_test_ends_while_another_comes(void)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) one = NULL;
  g_autoptr(PtyPeer) two = NULL;

  _pretend("#!/bin/sh\n"
           "case $* in *version | *quit)\n"
           "  mkdir \"$SCREENDIR/answered\" 2>/dev/null && exit 0\n"
           "  echo 'No screen session found.'; exit 1 ;;\n"
           "esac\n"
           "exec cat\n");
  _set_up(&fixture);
  fixture.host.settings.attach_timeout_ms = G_MAXINT / 2;
  one = _ask_for(&fixture, IDLE);
  pty_wait(fixture.host.figures.sessions == 1);
  two = _ask_for(&fixture, IDLE);
  g_assert_cmpint(pty_peer_await_end(one), ==, 0);
  g_assert_cmpint(pty_peer_await_end(two), ==, 0);
  _assert_end(&fixture, (PtyEnd) ENDED);
  _assert_end(&fixture, (PtyEnd) ENDED);
  pty_peer_leave(one);
  pty_peer_leave(two);
  pty_wait(fixture.host.figures.n_sessions == 0);
  g_setenv("PATH", path, TRUE);
  pty_fixture_tear_down(&fixture);
}

/* --- the configuration ------------------------------------------------------------------------ */

static void
_test_config_is_private(void)
{
  g_autofree gchar *config = cd_gnu_screen_write_config(folder, NULL);
  g_autofree gchar *inside = g_path_get_dirname(config);
  g_autofree gchar *text = NULL;
  struct stat is;

  g_assert_cmpint(g_chmod(inside, 0755), ==, 0);
  g_free(config);
  config = cd_gnu_screen_write_config(folder, NULL);
  g_assert_cmpint(stat(config, &is), ==, 0);
  g_assert_cmpuint(is.st_mode & 0777, ==, 0600);
  g_assert_cmpint(stat(inside, &is), ==, 0);
  g_assert_cmpuint(is.st_mode & 0777, ==, 0700);
  g_assert_true(g_file_get_contents(config, &text, NULL, NULL));
  g_assert_cmpstr(text, ==,
                  "startup_message off\nmsgminwait 0\nmsgwait 0\ntermcapinfo xterm* ti@:te@\n"
                  "altscreen on\ndefbce on\nterm xterm-256color\nescape ^Ss\n");
}

static void
_test_link_is_refused(void)
{
  g_autofree gchar *parent = g_build_filename(folder, "parent", NULL);
  g_autofree gchar *link = g_build_filename(parent, "coder-screen", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint(g_mkdir(parent, 0700), ==, 0);
  g_assert_cmpint(symlink(folder, link), ==, 0);
  g_assert_null(cd_gnu_screen_write_config(parent, &error));
  g_assert_nonnull(error);
  g_unlink(link);
  g_rmdir(parent);
}

static void
_test_foreign_folder_is_refused(void)
{
  g_autofree gchar *parent = g_build_filename(folder, "parent", NULL);
  g_autofree gchar *inside = g_build_filename(parent, "coder-screen", NULL);
  g_autoptr(GError) error = NULL;

  if (geteuid() != 0)
    {
      g_test_skip("only root can give a folder away");
      return;
    }
  g_assert_cmpint(g_mkdir_with_parents(inside, 0777), ==, 0);
  g_assert_cmpint(chown(inside, 65534, 65534), ==, 0);
  g_assert_null(cd_gnu_screen_write_config(parent, &error));
  g_assert_nonnull(strstr(error->message, "belongs to another user"));
  g_rmdir(inside);
  g_rmdir(parent);
}

/* --- all -------------------------------------------------------------------------------------- */

static void
_add_real_ones(void)
{
  g_test_add_func("/pty/screen/program-ends", _test_program_ends);
  g_test_add_func("/pty/screen/program-ends-at-once", _test_program_ends_at_once);
  g_test_add_func("/pty/screen/each-client-has-a-record", _test_each_client_has_a_record);
  g_test_add_func("/pty/screen/client-of-screen-is-killed", _test_client_of_screen_is_killed);
  g_test_add_func("/pty/screen/client-comes-back", _test_client_comes_back);
  g_test_add_func("/pty/screen/early-input-waits", _test_early_input_waits);
  g_test_add_func("/pty/screen/nobody-waits-any-more", _test_nobody_waits_any_more);
  g_test_add_func("/pty/screen/idle-session-quits", _test_idle_session_quits);
  g_test_add_func("/pty/screen/agent-goes-away", _test_agent_goes_away);
  g_test_add_func("/pty/screen/killed-screen-is-not-told-to-quit-again",
                  _test_killed_screen_is_not_told_to_quit_again);
}

static void
_prepare(void)
{
  g_autofree gchar *sockets = NULL;

  folder = g_strdup("/tmp/cd-screen-XXXXXX");
  g_assert_nonnull(g_mkdtemp(folder));
  sockets = g_build_filename(folder, "sockets", NULL);
  g_assert_cmpint(g_mkdir(sockets, 0700), ==, 0);
  g_setenv("TMPDIR", folder, TRUE);
  g_setenv("SCREENDIR", sockets, TRUE);
  path = g_strdup(g_getenv("PATH"));
}

static void
_remove(void)
{
  const gchar *argv[] = { "rm", "-rf", folder, NULL };

  g_spawn_sync(NULL, (gchar **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
               NULL);
  g_free(folder);
  g_free(path);
}

int
main(int argc, char *argv[])
{
  g_autofree gchar *screen = g_find_program_in_path("screen");
  int result;

  g_test_init(&argc, &argv, NULL);
  _prepare();
  /* To screen, that name stands for who may do nothing. */
  if (screen && !g_str_equal(g_get_user_name(), "nobody"))
    _add_real_ones();
  g_test_add_func("/pty/screen/not-installed", _test_not_installed);
  g_test_add_func("/pty/screen/fails-with-a-word", _test_fails_with_a_word);
  g_test_add_func("/pty/screen/never-answers", _test_never_answers);
  g_test_add_func("/pty/screen/ends-while-another-comes", _test_ends_while_another_comes);
  g_test_add_func("/pty/screen/config-is-private", _test_config_is_private);
  g_test_add_func("/pty/screen/link-is-refused", _test_link_is_refused);
  g_test_add_func("/pty/screen/foreign-folder-is-refused", _test_foreign_folder_is_refused);
  result = g_test_run();
  _remove();
  return result;
}
