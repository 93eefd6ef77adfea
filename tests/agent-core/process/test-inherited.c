/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "child-fixture.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* What a program sees of what it was given. */
static const gchar *const limits_portrait[] = {
  "sh",
  "-c",
  "umask; ulimit -S -a; ulimit -H -a; cat /proc/self/oom_score_adj",
  NULL,
};

/* Without a shell, which has signals as it likes. */
static const gchar *const signals_portrait[] = {
  "grep", "-E", "^(SigPnd|ShdPnd|SigBlk|SigIgn|SigCgt)", "/proc/self/status", NULL,
};

static void
_on_signal(gint number)
{
}

/* What a plain child of this process prints. */
static gchar *
_ask_plain_child(const gchar *const *argv)
{
  GString *text = g_string_new(NULL);
  gchar buffer[4096];
  ssize_t length;
  gint ends[2];
  GPid pid;

  g_assert_cmpint(pipe(ends), ==, 0);
  pid = fork();
  if (pid == 0)
    {
      dup2(ends[1], 1);
      close(ends[0]);
      close(ends[1]);
      execvp(argv[0], (char *const *) argv);
      _exit(127);
    }
  close(ends[1]);
  while ((length = read(ends[0], buffer, sizeof(buffer))) > 0)
    g_string_append_len(text, buffer, length);
  close(ends[0]);
  g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
  return g_string_free(text, FALSE);
}

static void
_write_oom_score_adj(const gchar *text)
{
  gint fd = open("/proc/self/oom_score_adj", O_WRONLY);

  g_assert_cmpint(write(fd, text, strlen(text)), ==, (gssize) strlen(text));
  close(fd);
}

static void
_set_soft(gint resource, rlim_t soft)
{
  struct rlimit limit;

  getrlimit(resource, &limit);
  limit.rlim_cur = MIN(soft, limit.rlim_max);
  g_assert_cmpint(setrlimit(resource, &limit), ==, 0);
}

/* The subprocess of a test leaves no core where GLib is 2.84, and so a plain user may not write to
 * its own /proc. */
static void
_be_started_strangely(void)
{
  sigset_t blocked;

  prctl(PR_SET_DUMPABLE, 1);
  umask(0027);
  _set_soft(RLIMIT_NOFILE, 99);
  _set_soft(RLIMIT_CORE, 512);
  _write_oom_score_adj("100");
  signal(SIGUSR1, SIG_IGN);
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR2);
  sigaddset(&blocked, SIGRTMIN + 3);
  sigprocmask(SIG_SETMASK, &blocked, NULL);
}

static void
_behave_as_an_agent(CdInherited *inherited)
{
  sigset_t blocked;

  umask(0077);
  cd_inherited_raise_files(inherited);
  _set_soft(RLIMIT_CORE, 0);
  _write_oom_score_adj("200");
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  signal(SIGUSR1, _on_signal);
  signal(SIGTERM, _on_signal);
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  sigprocmask(SIG_SETMASK, &blocked, NULL);
}

static void
_assert_same(Fixture *self, const gchar *const *argv, const gchar *expected)
{
  g_string_truncate(self->output, 0);
  self->n_ended = 0;
  fixture_start(self, argv);
  fixture_wait_for_end(self);
  g_assert_cmpstr(self->output->str, ==, expected);
  g_clear_pointer(&self->child, cd_child_free);
}

static void
_compare(void)
{
  g_autofree gchar *limits = NULL;
  g_autofree gchar *signals = NULL;
  struct rlimit files;
  Fixture self;

  _be_started_strangely();
  limits = _ask_plain_child(limits_portrait);
  signals = _ask_plain_child(signals_portrait);
  g_assert_nonnull(strstr(limits, "\n100\n"));
  fixture_set_up(&self, NULL);
  _behave_as_an_agent(self.inherited);
  getrlimit(RLIMIT_NOFILE, &files);
  g_assert_cmpuint(files.rlim_cur, ==, files.rlim_max);
  _assert_same(&self, limits_portrait, limits);
  _assert_same(&self, signals_portrait, signals);
  fixture_tear_down(&self, NULL);
}

static void
test_a_session_is_like_a_plain_child_of_the_start(void)
{
  if (g_test_subprocess())
    {
      _compare();
      return;
    }
  g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed();
}

/* The program lives until its terminal goes. */
static void
_start_undumpable(void)
{
  const gchar *const argv[] = { "cat", NULL };
  g_autofree gchar *file = NULL;
  g_autofree gchar *rank = NULL;
  Fixture self;

  prctl(PR_SET_DUMPABLE, 1);
  _write_oom_score_adj("100");
  fixture_set_up(&self, NULL);
  _write_oom_score_adj("200");
  prctl(PR_SET_DUMPABLE, 0);
  fixture_start(&self, argv);
  file = g_strdup_printf("/proc/%d/oom_score_adj", cd_child_get_pid(self.child));
  g_file_get_contents(file, &rank, NULL, NULL);
  g_assert_cmpstr(rank, ==, "100\n");
  fixture_tear_down(&self, NULL);
}

static void
test_an_agent_that_is_not_dumpable_gives_the_rank_back(void)
{
  if (g_test_subprocess())
    {
      _start_undumpable();
      return;
    }
  g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed();
}

static void
_set(const gchar *const *variables)
{
  for (; *variables; variables += 2)
    g_setenv(variables[0], variables[1], TRUE);
}

static void
test_the_environment_has_nothing_private(void)
{
  static const gchar *const variables[] = {
    "CREDENTIALS_DIRECTORY",
    "/c",
    "INVOCATION_ID",
    "i",
    "JOURNAL_STREAM",
    "8:1",
    "LISTEN_FDS",
    "1",
    "LISTEN_PID",
    "1",
    "LISTEN_FDNAMES",
    "x",
    "NOTIFY_SOCKET",
    "/n",
    "WATCHDOG_USEC",
    "1",
    "WATCHDOG_PID",
    "1",
    "CODER_AGENT_TOKEN",
    "secret",
    "CODER_AGENT_TOKEN_FILE",
    "/t",
    "NOTIFY_SOCKET_OF_MINE",
    "kept",
    "CODER_AGENT_URL",
    "kept too",
    NULL,
  };
  g_autoptr(CdInherited) inherited = NULL;
  g_auto(GStrv) got = NULL;

  _set(variables);
  inherited = cd_inherited_new();
  got = cd_inherited_get_environment(inherited, FALSE);
  for (const gchar *const *variable = variables; *variable; variable += 2)
    g_assert_cmpstr(g_environ_getenv(got, variable[0]), ==,
                    g_str_has_prefix(variable[1], "kept") ? variable[1] : NULL);
  g_assert_cmpstr(g_environ_getenv(got, "PATH"), ==, g_getenv("PATH"));
}

static void
test_the_token_is_there_when_asked_for(void)
{
  g_autoptr(CdInherited) inherited = NULL;
  g_auto(GStrv) got = NULL;

  g_setenv("CODER_AGENT_TOKEN", "secret", TRUE);
  inherited = cd_inherited_new();
  got = cd_inherited_get_environment(inherited, TRUE);
  g_assert_cmpstr(g_environ_getenv(got, "CODER_AGENT_TOKEN"), ==, "secret");
}

static void
test_the_environment_is_that_of_the_start(void)
{
  g_autoptr(CdInherited) inherited = NULL;
  g_auto(GStrv) got = NULL;

  g_setenv("CD_TEST_EARLY", "1", TRUE);
  inherited = cd_inherited_new();
  g_setenv("CD_TEST_LATE", "1", TRUE);
  g_unsetenv("CD_TEST_EARLY");
  got = cd_inherited_get_environment(inherited, FALSE);
  g_assert_cmpstr(g_environ_getenv(got, "CD_TEST_EARLY"), ==, "1");
  g_assert_null(g_environ_getenv(got, "CD_TEST_LATE"));
}

static void
test_noting_changes_nothing(void)
{
  mode_t mask = umask(0037);
  g_autoptr(CdInherited) inherited = cd_inherited_new();

  g_assert_cmpint(umask(mask), ==, 0037);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/inherited/a-session-is-like-a-plain-child-of-the-start",
                  test_a_session_is_like_a_plain_child_of_the_start);
  g_test_add_func("/inherited/an-agent-that-is-not-dumpable-gives-the-rank-back",
                  test_an_agent_that_is_not_dumpable_gives_the_rank_back);
  g_test_add_func("/inherited/the-environment-has-nothing-private",
                  test_the_environment_has_nothing_private);
  g_test_add_func("/inherited/the-token-is-there-when-asked-for",
                  test_the_token_is_there_when_asked_for);
  g_test_add_func("/inherited/the-environment-is-that-of-the-start",
                  test_the_environment_is_that_of_the_start);
  g_test_add_func("/inherited/noting-changes-nothing", test_noting_changes_nothing);
  return g_test_run();
}
