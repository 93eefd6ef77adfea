/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "child-fixture.h"

#include "../../support/unit.h"

#include <fcntl.h>
#include <sys/resource.h>

static void
test_output_and_status_come(Fixture *self, gconstpointer data)
{
  g_assert_cmpstr(fixture_run(self, "echo hello; exit 3"), ==, "hello\n");
  g_assert_cmpint(self->end.status, ==, 3);
  g_assert_cmpint(self->end.signal_number, ==, 0);
  g_assert_false(self->end.is_ours);
  g_assert_false(self->end.out_of_memory);
}

static void
test_a_signal_of_others_is_not_ours(Fixture *self, gconstpointer data)
{
  fixture_run(self, "kill -s TERM $$");
  g_assert_cmpint(self->end.status, ==, -1);
  g_assert_cmpint(self->end.signal_number, ==, SIGTERM);
  g_assert_false(self->end.is_ours);
}

static void
test_a_core_dump_is_its_signal(Fixture *self, gconstpointer data)
{
  fixture_run(self, "kill -s SEGV $$");
  g_assert_cmpint(self->end.signal_number, ==, SIGSEGV);
}

static void
test_it_leads_a_session_with_the_terminal(Fixture *self, gconstpointer data)
{
  g_autofree gchar *expected = NULL;

  fixture_start_script(self, "ps -o sid=,pgid=,tpgid=,tty= -p $$ | tr -s ' '; echo over");
  expected = g_strdup_printf("%d %d %d %s\n", cd_child_get_pid(self->child),
                             cd_child_get_pid(self->child), cd_child_get_pid(self->child),
                             self->pair.name + strlen("/dev/"));
  fixture_wait_for_end(self);
  g_assert_nonnull(strstr(self->output->str, expected));
}

static void
test_no_descriptor_leaks(Fixture *self, gconstpointer data)
{
  gint careless = open("/", O_RDONLY);

  g_assert_cmpint(careless, >, 2);
  fixture_run(self, "ls -x /proc/$$/fd; exit 0");
  close(careless);
  g_assert_cmpstr(self->output->str, ==, "0  1  2\n");
}

static void
test_a_login_shell_gets_its_name(Fixture *self, gconstpointer data)
{
  self->argv0 = "-sh";
  g_assert_cmpstr(fixture_run(self, "tr '\\0' ' ' < /proc/$$/cmdline | cut -c 1-7"), ==,
                  "-sh -c \n");
}

static void
test_the_environment_is_all_there_is(Fixture *self, gconstpointer data)
{
  const gchar *const argv[] = { "env", NULL };

  g_setenv("CD_TEST_LEAK", "1", TRUE);
  fixture_start(self, argv);
  fixture_wait_for_end(self);
  g_unsetenv("CD_TEST_LEAK");
  g_assert_cmpstr(self->output->str, ==, FIXTURE_PATH "\nTERM=dumb\n");
}

static void
test_it_starts_in_its_folder(Fixture *self, gconstpointer data)
{
  self->folder = "/usr";
  g_assert_cmpstr(fixture_run(self, "pwd"), ==, "/usr\n");
}

static void
test_a_missing_folder_becomes_the_root(Fixture *self, gconstpointer data)
{
  self->folder = "/no/such/folder";
  g_assert_cmpstr(fixture_run(self, "pwd"), ==, "/\n");
}

static void
_assert_not_started(Fixture *self, const gchar *program, gint code, const gchar *message)
{
  const gchar *const argv[] = { program, NULL };
  g_autoptr(GError) error = NULL;

  g_assert_false(fixture_try(self, argv, &error));
  g_assert_error(error, G_SPAWN_ERROR, code);
  g_assert_cmpstr(error->message, ==, message);
  fixture_assert_no_children();
}

static void
test_what_cannot_be_started_is_named(Fixture *self, gconstpointer data)
{
  guint before = unit_count_descriptors();

  _assert_not_started(self, "no-such-program", G_SPAWN_ERROR_NOENT,
                      "cannot start no-such-program: No such file or directory");
  _assert_not_started(self, "/no/such/program", G_SPAWN_ERROR_NOENT,
                      "cannot start /no/such/program: No such file or directory");
  _assert_not_started(self, "/etc/passwd", G_SPAWN_ERROR_ACCES,
                      "cannot start /etc/passwd: Permission denied");
  g_assert_cmpuint(unit_count_descriptors(), ==, before);
}

static void
test_a_terminal_that_is_gone_is_an_error(Fixture *self, gconstpointer data)
{
  cd_pty_pair_close(&self->pair);
  _assert_not_started(self, "sh", G_SPAWN_ERROR_NOENT,
                      "cannot start sh: No such file or directory");
}

/* Takes every descriptor but @spare. */
static GArray *
_take_descriptors(guint spare)
{
  GArray *taken = g_array_new(FALSE, FALSE, sizeof(gint));
  gint fd;

  while ((fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
    g_array_append_val(taken, fd);
  g_assert_cmpint(errno, ==, EMFILE);
  for (guint i = 0; i < spare; i++)
    {
      close(g_array_index(taken, gint, taken->len - 1));
      g_array_set_size(taken, taken->len - 1);
    }
  return taken;
}

static void
_give_descriptors(GArray *taken)
{
  for (guint i = 0; i < taken->len; i++)
    close(g_array_index(taken, gint, i));
  g_array_unref(taken);
}

static void
test_without_descriptors_it_is_an_error(Fixture *self, gconstpointer data)
{
  struct rlimit before, few = { 64, 64 };

  getrlimit(RLIMIT_NOFILE, &before);
  few.rlim_max = before.rlim_max;
  setrlimit(RLIMIT_NOFILE, &few);
  for (guint spare = 0; spare < 2; spare++)
    {
      GArray *taken = _take_descriptors(spare);

      _assert_not_started(self, "sh", G_SPAWN_ERROR_MFILE, "cannot start sh: Too many open files");
      _give_descriptors(taken);
    }
  setrlimit(RLIMIT_NOFILE, &before);
}

#define N_STREAMS 3

static void
_close_streams(gint kept[N_STREAMS])
{
  for (gint fd = 0; fd < N_STREAMS; fd++)
    {
      kept[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 64);
      close(fd);
    }
}

static void
_restore_streams(const gint kept[N_STREAMS])
{
  for (gint fd = 0; fd < N_STREAMS; fd++)
    {
      dup2(kept[fd], fd);
      close(kept[fd]);
    }
}

/* The child's own streams take the numbers of what else was opened in their place. */
static void
test_closed_standard_streams_do_no_harm(Fixture *self, gconstpointer data)
{
  const gchar *const none[] = { "no-such-program", NULL };
  const gchar *const echo[] = { "sh", "-c", "echo here; exit 3", NULL };
  g_autoptr(GError) error = NULL;
  gint kept[N_STREAMS];

  _close_streams(kept);
  if (!fixture_try(self, none, &error) && fixture_try(self, echo, NULL))
    fixture_wait_for_end(self);
  _restore_streams(kept);
  g_assert_error(error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT);
  g_assert_cmpuint(self->n_ended, ==, 1);
  g_assert_cmpstr(self->output->str, ==, "here\n");
  g_assert_cmpint(self->end.status, ==, 3);
}

static void
test_it_may_be_freed_when_it_ended(Fixture *self, gconstpointer data)
{
  self->free_when_ended = TRUE;
  fixture_run(self, "exit 0");
  g_assert_null(self->child);
  g_assert_cmpuint(self->n_ended, ==, 1);
}

static void
test_freeing_kills_and_reaps(Fixture *self, gconstpointer data)
{
  fixture_start_script(self, "trap '' HUP; echo ready; sleep 1000");
  fixture_wait_for_text(self, "ready");
  g_clear_pointer(&self->child, cd_child_free);
  loop_settle();
  fixture_assert_no_children();
  g_assert_cmpuint(self->n_ended, ==, 0);
}

static void
test_an_ignored_sigchld_costs_no_status(Fixture *self, gconstpointer data)
{
  signal(SIGCHLD, SIG_IGN);
  fixture_run(self, "exit 7");
  signal(SIGCHLD, SIG_DFL);
  g_assert_cmpint(self->end.status, ==, 7);
}

static void
test_an_end_that_another_saw_is_of_no_known_kind(Fixture *self, gconstpointer data)
{
  CdEvidence evidence = { 0 };

  fixture_start_script(self, "exit 7");
  g_assert_cmpint(waitpid(cd_child_get_pid(self->child), NULL, 0), >, 0);
  fixture_wait_for_end(self);
  g_assert_cmpint(self->end.status, ==, -1);
  g_assert_cmpint(self->end.signal_number, ==, 0);
  cd_child_end_write(&self->end, &evidence);
  g_assert_false(evidence.has_exit_status);
}

static void
_run_one(Fixture *self)
{
  g_autoptr(GError) error = NULL;
  const gchar *const argv[] = { "/bin/true", NULL };
  guint before = self->n_ended;

  cd_pty_pair_close(&self->pair);
  cd_pty_pair_open(&self->pair, 24, 80, &error);
  g_assert_no_error(error);
  fixture_start(self, argv);
  loop_wait(self->n_ended > before);
  g_assert_cmpint(self->end.status, ==, 0);
}

static void
test_a_thousand_leave_nothing_behind(Fixture *self, gconstpointer data)
{
  guint before;

  self->free_when_ended = TRUE;
  _run_one(self);
  before = unit_count_descriptors();
  for (guint i = 0; i < 1000; i++)
    _run_one(self);
  g_assert_cmpuint(self->n_ended, ==, 1001);
  g_assert_cmpuint(unit_count_descriptors(), ==, before);
  fixture_assert_no_children();
}

static void
test_evidence_has_the_status(Fixture *self, gconstpointer data)
{
  CdEvidence evidence = { 0 };

  fixture_run(self, "exit 42");
  cd_child_end_write(&self->end, &evidence);
  g_assert_true(evidence.has_exit_status);
  g_assert_cmpint(evidence.exit_status, ==, 42);
  g_assert_cmpint(evidence.signal_number, ==, 0);
}

static void
test_evidence_has_the_signal(Fixture *self, gconstpointer data)
{
  CdEvidence evidence = { 0 };

  fixture_run(self, "kill -s INT $$");
  cd_child_end_write(&self->end, &evidence);
  g_assert_false(evidence.has_exit_status);
  g_assert_cmpint(evidence.signal_number, ==, SIGINT);
}

static void
test_evidence_has_nothing_of_ours(Fixture *self, gconstpointer data)
{
  const CdChildEnd end = { .status = -1, .signal_number = SIGKILL, .is_ours = TRUE };
  CdEvidence evidence = { 0 };

  cd_child_end_write(&end, &evidence);
  g_assert_false(evidence.has_exit_status);
  g_assert_cmpint(evidence.signal_number, ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  fixture_add("/child/output-and-status-come", test_output_and_status_come);
  fixture_add("/child/a-signal-of-others-is-not-ours", test_a_signal_of_others_is_not_ours);
  fixture_add("/child/a-core-dump-is-its-signal", test_a_core_dump_is_its_signal);
  fixture_add("/child/leads-a-session-with-the-terminal",
              test_it_leads_a_session_with_the_terminal);
  fixture_add("/child/no-descriptor-leaks", test_no_descriptor_leaks);
  fixture_add("/child/a-login-shell-gets-its-name", test_a_login_shell_gets_its_name);
  fixture_add("/child/the-environment-is-all-there-is", test_the_environment_is_all_there_is);
  fixture_add("/child/starts-in-its-folder", test_it_starts_in_its_folder);
  fixture_add("/child/a-missing-folder-becomes-the-root", test_a_missing_folder_becomes_the_root);
  fixture_add("/child/what-cannot-be-started-is-named", test_what_cannot_be_started_is_named);
  fixture_add("/child/a-terminal-that-is-gone-is-an-error",
              test_a_terminal_that_is_gone_is_an_error);
  fixture_add("/child/without-descriptors-it-is-an-error", test_without_descriptors_it_is_an_error);
  fixture_add("/child/closed-standard-streams-do-no-harm", test_closed_standard_streams_do_no_harm);
  fixture_add("/child/may-be-freed-when-it-ended", test_it_may_be_freed_when_it_ended);
  fixture_add("/child/freeing-kills-and-reaps", test_freeing_kills_and_reaps);
  fixture_add("/child/an-ignored-sigchld-costs-no-status", test_an_ignored_sigchld_costs_no_status);
  fixture_add("/child/an-end-that-another-saw-is-of-no-known-kind",
              test_an_end_that_another_saw_is_of_no_known_kind);
  fixture_add("/child/a-thousand-leave-nothing-behind", test_a_thousand_leave_nothing_behind);
  fixture_add("/child/evidence-has-the-status", test_evidence_has_the_status);
  fixture_add("/child/evidence-has-the-signal", test_evidence_has_the_signal);
  fixture_add("/child/evidence-has-nothing-of-ours", test_evidence_has_nothing_of_ours);
  return g_test_run();
}
