/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sessions in containers, with a pretended docker (tests/support/docker.sh). */
#include "pty-fixture.h"

#include "pty/container.h"

#include <glib/gstdio.h>

#define CLOSED                                                                                     \
  {                                                                                                \
    .reason = "client_closed", .expected = TRUE, .initiator = "client", .rule = 25                 \
  }
#define SHUT_DOWN                                                                                  \
  {                                                                                                \
    .reason = "server_shutdown", .expected = TRUE, .initiator = "agent", .rule = 4                 \
  }

static gchar *folder;
static gchar *path;
static gchar *calls; /* file, a line for each call of docker */
static gchar *pid;   /* file, of the program */

static PtyPeer *
_ask_for(PtyFixture *fixture, const gchar *container, const gchar *user, const gchar *command)
{
  g_autofree gchar *json = g_strdup_printf(
    "{\"ID\":\"" PTY_ID "\",\"Command\":\"%s\",\"Container\":\"%s\",\"ContainerUser\":\"%s\"}",
    command, container, user);
  g_autoptr(GString) frame = pty_frame(json);
  PtyPeer *peer = pty_peer_new(fixture);

  pty_peer_send(peer, frame->str, frame->len);
  return peer;
}

static void
_set_up(PtyFixture *self)
{
  g_unlink(calls);
  g_unlink(pid);
  pty_fixture_set_up(self, PTY_UNIX);
  self->host.settings.backend = CD_PTY_BACKEND_BUFFERED;
}

static void
_assert_end(PtyFixture *fixture, PtyEnd end)
{
  pty_fixture_assert_record(fixture, &end);
}

static guint
_count_calls(const gchar *command)
{
  g_autofree gchar *text = NULL;
  g_auto(GStrv) lines = NULL;
  guint n = 0;

  if (!g_file_get_contents(calls, &text, NULL, NULL))
    return 0;
  lines = g_strsplit(text, "\n", -1);
  for (gchar **line = lines; *line; line++)
    n += g_str_has_prefix(*line, command);
  return n;
}

/* --- what runs -------------------------------------------------------------------------------- */

static void
_test_command_runs(void)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) peer = NULL;

  _set_up(&fixture);
  peer = _ask_for(&fixture, "running", "1000:dev", "echo $TERM $CODER; test -t 0; exit 3");
  g_assert_cmpint(pty_peer_await_end(peer), ==, 0);
  g_assert_cmpstr(peer->output->str, ==, "xterm-256color true\n");
  _assert_end(&fixture, (PtyEnd) { "graceful", TRUE, "agent", 36, "exited with code 3", "3" });
  pty_peer_leave(peer);
  pty_wait(fixture.host.figures.n_sessions == 0);
  g_assert_cmpuint(_count_calls("inspect "), ==, 1);
  g_assert_cmpuint(_count_calls("exec -it -u 1000:dev -e TERM="), ==, 1);
  g_assert_cmpuint(_count_calls("exec "), ==, 1);
  pty_fixture_tear_down(&fixture);
}

static void
_test_login_shell(void)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) peer = NULL;

  _set_up(&fixture);
  peer = _ask_for(&fixture, "running", "", "");
  pty_peer_say(peer, "{\"data\":\"echo $SHELL is mine; exit\\r\"}");
  pty_peer_await(peer, "/bin/sh is mine\n");
  pty_peer_await_end(peer);
  _assert_end(&fixture, (PtyEnd) { "graceful", TRUE, "agent", 36, NULL, "0" });
  pty_peer_leave(peer);
  pty_fixture_tear_down(&fixture);
}

static void
_test_interpreter(void)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) peer = NULL;

  _set_up(&fixture);
  peer = _ask_for(&fixture, "running", "", "#!/bin/echo word");
  pty_peer_await_end(peer);
  g_assert_cmpstr(peer->output->str, ==, "word -c #!/bin/echo word\n");
  _assert_end(&fixture, (PtyEnd) { "graceful", TRUE, "agent", 36, NULL, "0" });
  pty_peer_leave(peer);
  pty_fixture_tear_down(&fixture);
}

static void
_test_others_join(void)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) one = NULL;
  g_autoptr(PtyPeer) two = NULL;

  _set_up(&fixture);
  one = _ask_for(&fixture, "slow", "", "echo ready; read line");
  two = _ask_for(&fixture, "gone", "", "echo another");
  pty_peer_await(one, "ready");
  pty_peer_await(two, "ready");
  pty_peer_say(two, "{\"data\":\"\\r\"}");
  pty_peer_await_end(one);
  pty_peer_await_end(two);
  _assert_end(&fixture, (PtyEnd) { "graceful", TRUE, "agent", 36, NULL, "0" });
  _assert_end(&fixture, (PtyEnd) { "graceful", TRUE, "agent", 36, NULL, "0" });
  pty_peer_leave(one);
  pty_peer_leave(two);
  pty_fixture_tear_down(&fixture);
}

static void
_test_early_input_waits(void)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) peer = NULL;

  _set_up(&fixture);
  peer = _ask_for(&fixture, "slow", "", "read line; echo \\\"got $line\\\"; exec sleep 600");
  pty_peer_say(peer, "{\"data\":\"early\\r\",\"height\":30,\"width\":90}");
  pty_peer_await(peer, "got early");
  pty_peer_leave(peer);
  _assert_end(&fixture, (PtyEnd) CLOSED);
  pty_fixture_close(&fixture);
  pty_wait(fixture.is_closed);
  pty_fixture_tear_down(&fixture);
}

/* --- what is left ----------------------------------------------------------------------------- */

static gboolean
_is_running(void)
{
  g_autofree gchar *text = NULL;
  g_autofree gchar *command = NULL;
  g_autofree gchar *line = NULL;

  g_assert_true(g_file_get_contents(pid, &text, NULL, NULL));
  command = g_strdup_printf("/proc/%s/cmdline", g_strstrip(text));
  return g_file_get_contents(command, &line, NULL, NULL) && g_str_equal(line, "sleep");
}

/* A program that outlives its docker, and has told who it is. */
static PtyPeer *
_start_lasting(PtyFixture *fixture)
{
  g_autofree gchar *command = g_strdup_printf("echo $$ > %s; echo ready; exec sleep 600", pid);
  PtyPeer *peer = _ask_for(fixture, "running", "", command);

  pty_peer_await(peer, "ready");
  pty_wait(_is_running());
  return peer;
}

static GPid
_find_child(void)
{
  g_autofree gchar *list = NULL;
  g_autofree gchar *children = g_strdup_printf("/proc/self/task/%d/children", getpid());

  g_assert_true(g_file_get_contents(children, &list, NULL, NULL));
  return (GPid) g_ascii_strtoll(list, NULL, 10);
}

static void
_test_killed_docker_leaves_nothing(void)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) peer = NULL;

  _set_up(&fixture);
  peer = _start_lasting(&fixture);
  g_assert_cmpint(kill(_find_child(), SIGKILL), ==, 0);
  pty_peer_await_end(peer);
  _assert_end(&fixture, (PtyEnd) { "unknown", FALSE, "agent", 38, "killed by signal 9 (KILL)" });
  pty_peer_leave(peer);
  pty_wait(fixture.host.figures.n_sessions == 0);
  g_assert_false(_is_running());
  pty_fixture_tear_down(&fixture);
}

static void
_shut_down(PtyFixture *fixture, PtyPeer *peer)
{
  pty_fixture_close(fixture);
  pty_peer_await_end(peer);
  pty_peer_leave(peer);
  pty_wait(fixture->is_closed);
  _assert_end(fixture, (PtyEnd) SHUT_DOWN);
}

static void
_test_shutdown_leaves_nothing(void)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) peer = NULL;

  _set_up(&fixture);
  peer = _start_lasting(&fixture);
  _shut_down(&fixture, peer);
  g_assert_false(_is_running());
  pty_fixture_tear_down(&fixture);
}

static void
_test_abort_leaves_nothing(void)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) peer = NULL;

  _set_up(&fixture);
  peer = _start_lasting(&fixture);
  cd_pty_server_abort(fixture.server);
  pty_peer_await_end(peer);
  _assert_end(&fixture, (PtyEnd) SHUT_DOWN);
  pty_wait(!_is_running());
  pty_fixture_tear_down(&fixture);
}

/* --- while docker is asked -------------------------------------------------------------------- */

static PtyPeer *
_ask_frozen(PtyFixture *fixture)
{
  PtyPeer *peer = _ask_for(fixture, "frozen", "", "true");

  pty_wait(fixture->host.figures.n_sessions == 1);
  return peer;
}

static void
_test_nobody_waits_any_more(void)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) peer = NULL;

  _set_up(&fixture);
  peer = _ask_frozen(&fixture);
  pty_peer_leave(peer);
  _assert_end(&fixture, (PtyEnd) CLOSED);
  pty_wait(fixture.host.figures.n_sessions == 0);
  pty_fixture_tear_down(&fixture);
}

static void
_test_shutdown_while_asking(void)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) peer = NULL;

  _set_up(&fixture);
  peer = _ask_frozen(&fixture);
  _shut_down(&fixture, peer);
  pty_fixture_tear_down(&fixture);
}

/* --- what cannot be started ------------------------------------------------------------------- */

typedef struct _Row
{
  const gchar *name;
  const gchar *container;
  const gchar *user;
  const gchar *detail;
} Row;

#define FAILED "could not be started: "

/* clang-format off */
static const Row rows[] = {
  { "gone", "gone", "", FAILED "no such container: gone" },
  { "stopped", "stopped", "", FAILED "container stopped is not running" },
  { "daemonless", "daemonless", "", FAILED "docker: Cannot connect to the Docker daemon" },
  { "frozen", "frozen", "", FAILED "docker did not answer in its time" },
  { "option-for-container", "-v", "", FAILED "no name of a container" },
  { "blank-in-container", "a b", "", FAILED "no name of a container" },
  { "newline-in-container", "a\\n", "", FAILED "no name of a container" },
  { "option-for-user", "running", "-v", FAILED "no name of a container's user" },
  { "two-groups", "running", "a:b:c", FAILED "no name of a container's user" },
};
/* clang-format on */

static void
_fail(const gchar *container, const gchar *user, const gchar *detail)
{
  PtyFixture fixture;
  g_autoptr(PtyPeer) peer = NULL;

  _set_up(&fixture);
  fixture.host.settings.attach_timeout_ms = g_str_equal(container, "frozen") ? 300 : 30000;
  peer = _ask_for(&fixture, container, user, "true");
  g_assert_cmpint(pty_peer_await_end(peer), ==, 0);
  _assert_end(&fixture, (PtyEnd) { "unknown", FALSE, "agent", 42, detail });
  g_assert_cmpuint(fixture.host.figures.sessions, ==, 0);
  g_assert_cmpuint(_count_calls("exec "), ==, 0);
  pty_peer_leave(peer);
  pty_wait(fixture.host.figures.n_sessions == 0);
  pty_fixture_tear_down(&fixture);
}

static void
_try_row(gconstpointer data)
{
  const Row *row = data;

  _fail(row->container, row->user, row->detail);
}

static void
_test_not_installed(void)
{
  g_setenv("PATH", "/nonexistent", TRUE);
  _fail("running", "", FAILED "docker is not installed");
  g_setenv("PATH", path, TRUE);
}

/* --- all -------------------------------------------------------------------------------------- */

/* The user who runs this may have no shell. */
static void
_give_shell(void)
{
  g_autofree gchar *getent = g_build_filename(folder, "getent", NULL);

  g_assert_true(g_file_set_contents(getent, "#!/bin/sh\necho x:x:0:0::/:/bin/sh\n", -1, NULL));
  g_assert_cmpint(g_chmod(getent, 0700), ==, 0);
}

static void
_prepare(void)
{
  g_autofree gchar *script = g_test_build_filename(G_TEST_DIST, "support", "docker.sh", NULL);
  g_autofree gchar *docker = NULL;

  folder = g_dir_make_tmp("cd-docker-XXXXXX", NULL);
  g_assert_nonnull(folder);
  docker = g_build_filename(folder, "docker", NULL);
  g_assert_cmpint(symlink(script, docker), ==, 0);
  _give_shell();
  path = g_strconcat(folder, ":", g_getenv("PATH"), NULL);
  calls = g_build_filename(folder, "calls", NULL);
  pid = g_build_filename(folder, "pid", NULL);
  g_setenv("PATH", path, TRUE);
  g_setenv("DOCKER_LOG", calls, TRUE);
}

static void
_remove(void)
{
  g_autofree gchar *docker = g_build_filename(folder, "docker", NULL);
  g_autofree gchar *getent = g_build_filename(folder, "getent", NULL);

  g_unlink(docker);
  g_unlink(getent);
  g_unlink(calls);
  g_unlink(pid);
  g_rmdir(folder);
  g_free(folder);
  g_free(path);
  g_free(calls);
  g_free(pid);
}

static void
_add_all(void)
{
  g_test_add_func("/pty/container/command-runs", _test_command_runs);
  g_test_add_func("/pty/container/login-shell", _test_login_shell);
  g_test_add_func("/pty/container/interpreter", _test_interpreter);
  g_test_add_func("/pty/container/others-join", _test_others_join);
  g_test_add_func("/pty/container/early-input-waits", _test_early_input_waits);
  g_test_add_func("/pty/container/killed-docker-leaves-nothing",
                  _test_killed_docker_leaves_nothing);
  g_test_add_func("/pty/container/shutdown-leaves-nothing", _test_shutdown_leaves_nothing);
  g_test_add_func("/pty/container/abort-leaves-nothing", _test_abort_leaves_nothing);
  g_test_add_func("/pty/container/nobody-waits-any-more", _test_nobody_waits_any_more);
  g_test_add_func("/pty/container/shutdown-while-asking", _test_shutdown_while_asking);
  g_test_add_func("/pty/container/not-installed", _test_not_installed);
}

int
main(int argc, char *argv[])
{
  int result;

  g_test_init(&argc, &argv, NULL);
  _prepare();
  _add_all();
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    {
      g_autofree gchar *name = g_strconcat("/pty/container/", rows[i].name, NULL);
      g_test_add_data_func(name, &rows[i], _try_row);
    }
  result = g_test_run();
  _remove();
  return result;
}
