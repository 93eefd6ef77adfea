/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "child-fixture.h"

#include "process/living.h"

#include <sched.h>
#include <stdlib.h>

#define SKIPPED 77

/* What is left behind dies with the session, of the hang-up. */
#define LEAVE_ORPHAN "sleep 1000 & exit "

static gboolean
_enter_namespace(void)
{
  return unshare(CLONE_NEWPID) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWPID) == 0;
}

static gint
_wait_for(GPid pid)
{
  gint status;

  g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Runs @body as process 1 of a namespace. */
static void
_run_as_init(void (*body)(Fixture *fixture))
{
  gint status;
  GPid pid = fork();

  if (pid == 0)
    {
      if (!_enter_namespace())
        _exit(SKIPPED);
      pid = fork();
      if (pid == 0)
        {
          Fixture fixture;
          GSource *orphans = cd_child_reap_orphans();

          g_assert_nonnull(orphans);
          fixture_set_up(&fixture, NULL);
          body(&fixture);
          fixture_tear_down(&fixture, NULL);
          g_source_destroy(orphans);
          g_source_unref(orphans);
          exit(0);
        }
      _exit(_wait_for(pid) == 0 ? 0 : 1);
    }
  status = _wait_for(pid);
  if (status == SKIPPED)
    g_test_skip("no process namespace can be made");
  else
    g_assert_cmpint(status, ==, 0);
}

static gboolean
_has_children(void)
{
  siginfo_t info;

  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

static void
_reap_one(Fixture *fixture)
{
  fixture_run(fixture, LEAVE_ORPHAN "3");
  g_assert_cmpint(fixture->end.status, ==, 3);
  loop_wait(!_has_children());
}

static void
test_what_was_left_is_reaped(void)
{
  _run_as_init(_reap_one);
}

static void
_keep_statuses(Fixture *fixture)
{
  fixture->free_when_ended = TRUE;
  for (gint status = 1; status <= 50; status++)
    {
      g_autofree gchar *script = g_strdup_printf(LEAVE_ORPHAN "%d", status);

      fixture->n_ended = 0;
      fixture_start_script(fixture, script);
      loop_wait(fixture->n_ended == 1);
      g_assert_cmpint(fixture->end.status, ==, status);
      cd_pty_pair_close(&fixture->pair);
      g_assert_true(cd_pty_pair_open(&fixture->pair, 0, 0, NULL));
    }
  loop_wait(!_has_children());
}

static void
test_statuses_of_ours_are_kept(void)
{
  _run_as_init(_keep_statuses);
}

/* A child of ours in another way, dead before it is waited for. */
static GPid
_fork_zombie(void)
{
  siginfo_t info;
  GPid pid = fork();

  if (pid == 0)
    _exit(9);
  g_assert_cmpint(waitid(P_PID, (id_t) pid, &info, WEXITED | WNOWAIT), ==, 0);
  return pid;
}

static void
_stand_behind(Fixture *fixture)
{
  GPid ours = _fork_zombie(), orphan = _fork_zombie();
  siginfo_t info;

  cd_living_add(ours);
  loop_settle();
  g_assert_cmpint(waitid(P_PID, (id_t) ours, &info, WEXITED | WNOWAIT | WNOHANG), ==, 0);
  g_assert_cmpint(info.si_pid, ==, ours);
  g_assert_cmpint(_wait_for(ours), ==, 9);
  cd_living_remove(ours);
  loop_settle();
  g_assert_cmpint(waitid(P_PID, (id_t) orphan, &info, WEXITED | WNOWAIT | WNOHANG), ==, -1);
  g_assert_cmpint(errno, ==, ECHILD);
}

static void
test_who_stands_behind_one_of_ours_is_reaped(void)
{
  _run_as_init(_stand_behind);
}

/* The reaper blocks SIGCHLD, after what is given back was noted. */
static void
_ask_for_mask(Fixture *fixture)
{
  const gchar *const argv[] = { "grep", "SigBlk", "/proc/self/status", NULL };
  sigset_t blocked;

  sigprocmask(SIG_BLOCK, NULL, &blocked);
  g_assert_true(sigismember(&blocked, SIGCHLD));
  sigdelset(&blocked, SIGCHLD);
  sigprocmask(SIG_SETMASK, &blocked, NULL);
  cd_inherited_free(fixture->inherited);
  fixture->inherited = cd_inherited_new();
  sigaddset(&blocked, SIGCHLD);
  sigprocmask(SIG_SETMASK, &blocked, NULL);
  fixture_start(fixture, argv);
  fixture_wait_for_end(fixture);
  g_assert_nonnull(strstr(fixture->output->str, "\t0000000000000000\n"));
}

static void
test_children_do_not_get_the_blocked_signal(void)
{
  _run_as_init(_ask_for_mask);
}

static void
test_others_than_process_1_reap_nothing(void)
{
  g_assert_null(cd_child_reap_orphans());
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/orphans/what-was-left-is-reaped", test_what_was_left_is_reaped);
  g_test_add_func("/orphans/statuses-of-ours-are-kept", test_statuses_of_ours_are_kept);
  g_test_add_func("/orphans/who-stands-behind-one-of-ours-is-reaped",
                  test_who_stands_behind_one_of_ours_is_reaped);
  g_test_add_func("/orphans/children-do-not-get-the-blocked-signal",
                  test_children_do_not_get_the_blocked_signal);
  g_test_add_func("/orphans/others-than-process-1-reap-nothing",
                  test_others_than_process_1_reap_nothing);
  return g_test_run();
}
