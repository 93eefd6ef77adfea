/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "child-fixture.h"

#define LONG_MS (3600 * 1000)

static void
test_a_hang_up_is_enough(Fixture *self, gconstpointer data)
{
  CdEvidence evidence = { 0 };

  fixture_start_script(self, "echo ready; exec sleep 1000");
  fixture_wait_for_text(self, "ready");
  cd_child_stop(self->child, LONG_MS);
  fixture_wait_for_end(self);
  g_assert_cmpint(self->end.signal_number, ==, SIGHUP);
  g_assert_true(self->end.is_ours);
  cd_child_end_write(&self->end, &evidence);
  g_assert_cmpint(evidence.signal_number, ==, 0);
}

static void
test_what_ignores_it_is_killed(Fixture *self, gconstpointer data)
{
  fixture_start_script(self, "trap '' HUP; echo ready; sleep 1000");
  fixture_wait_for_text(self, "ready");
  cd_child_stop(self->child, 50);
  fixture_wait_for_end(self);
  g_assert_cmpint(self->end.signal_number, ==, SIGKILL);
  g_assert_true(self->end.is_ours);
  g_assert_false(self->end.out_of_memory);
}

static void
test_it_may_end_in_its_own_way(Fixture *self, gconstpointer data)
{
  fixture_start_script(self, "trap 'echo bye; exit 9' HUP; echo ready; while :; do sleep 1; done");
  fixture_wait_for_text(self, "ready");
  cd_child_stop(self->child, LONG_MS);
  fixture_wait_for_end(self);
  g_assert_cmpint(self->end.status, ==, 9);
  g_assert_false(self->end.is_ours);
  g_assert_nonnull(strstr(self->output->str, "bye"));
}

static void
test_its_group_goes_with_it(Fixture *self, gconstpointer data)
{
  fixture_start_script(self, "trap '' HUP; sleep 1000 & echo ready; wait");
  fixture_wait_for_text(self, "ready");
  cd_child_stop(self->child, 0);
  /* Only once nobody has the terminal any more does reading come to its end. */
  fixture_wait_for_end(self);
  g_assert_cmpint(self->end.signal_number, ==, SIGKILL);
}

static void
test_a_stopped_one_hears_it_too(Fixture *self, gconstpointer data)
{
  fixture_start_script(self, "echo ready; kill -s STOP $$; sleep 1000");
  fixture_wait_for_text(self, "ready");
  cd_child_stop(self->child, LONG_MS);
  fixture_wait_for_end(self);
  g_assert_cmpint(self->end.signal_number, ==, SIGHUP);
}

static gboolean
_is_asleep(GPid pid)
{
  g_autofree gchar *path = g_strdup_printf("/proc/%d/stat", pid);
  g_autofree gchar *stat = NULL;

  g_assert_true(g_file_get_contents(path, &stat, NULL, NULL));
  return strstr(stat, ") S ") != NULL;
}

static void
_wait_until_asleep(GPid pid)
{
  loop_wait_polling(_is_asleep(pid));
}

/* bash misses a signal that comes just before it waits for input, until there is some. */
static void
test_an_interactive_bash_goes(Fixture *self, gconstpointer data)
{
  const gchar *const argv[] = { "bash", "--norc", "--noprofile", "-i", NULL };

  fixture_start(self, argv);
  fixture_type(self, "echo re''ady\n");
  fixture_wait_for_text(self, "ready\nbash");
  _wait_until_asleep(cd_child_get_pid(self->child));
  cd_child_stop(self->child, LONG_MS);
  fixture_wait_for_end(self);
  g_assert_cmpint(self->end.signal_number, ==, SIGHUP);
  g_assert_true(self->end.is_ours);
}

static void
test_a_second_stop_shortens_the_wait(Fixture *self, gconstpointer data)
{
  fixture_start_script(self, "trap '' HUP; echo ready; sleep 1000");
  fixture_wait_for_text(self, "ready");
  cd_child_stop(self->child, LONG_MS);
  cd_child_stop(self->child, 2 * LONG_MS);
  cd_child_stop(self->child, 0);
  fixture_wait_for_end(self);
  g_assert_cmpint(self->end.signal_number, ==, SIGKILL);
}

static void
test_after_the_end_it_does_nothing(Fixture *self, gconstpointer data)
{
  fixture_run(self, "exit 0");
  cd_child_stop(self->child, 0);
  loop_settle();
  g_assert_cmpuint(self->n_ended, ==, 1);
  g_assert_false(self->end.is_ours);
}

/* Dead, but the main loop has not heard of it. */
static void
_stop_late(Fixture *self, const gchar *script, gint signal_number)
{
  siginfo_t info;

  self->n_ended = 0;
  fixture_start_script(self, script);
  g_assert_cmpint(waitid(P_PID, (id_t) cd_child_get_pid(self->child), &info, WEXITED | WNOWAIT), ==,
                  0);
  cd_child_stop(self->child, 0);
  fixture_wait_for_end(self);
  g_assert_cmpint(self->end.signal_number, ==, signal_number);
  g_assert_false(self->end.is_ours);
  g_clear_pointer(&self->child, cd_child_free);
}

static void
test_a_stop_that_comes_late_is_not_the_cause(Fixture *self, gconstpointer data)
{
  _stop_late(self, "kill -s KILL $$", SIGKILL);
  _stop_late(self, "kill -s HUP $$", SIGHUP);
}

static void
test_one_that_closed_its_terminal_is_stopped(Fixture *self, gconstpointer data)
{
  fixture_start_script(self,
                       "trap '' HUP; echo ready; exec </dev/null >/dev/null 2>&1; sleep 1000");
  fixture_wait_for_text(self, "ready");
  cd_pty_pair_close(&self->pair);
  cd_child_stop(self->child, 10);
  loop_wait(self->n_ended > 0);
  g_assert_cmpint(self->end.signal_number, ==, SIGKILL);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  fixture_add("/child-stop/a-hang-up-is-enough", test_a_hang_up_is_enough);
  fixture_add("/child-stop/what-ignores-it-is-killed", test_what_ignores_it_is_killed);
  fixture_add("/child-stop/may-end-in-its-own-way", test_it_may_end_in_its_own_way);
  fixture_add("/child-stop/its-group-goes-with-it", test_its_group_goes_with_it);
  fixture_add("/child-stop/a-stopped-one-hears-it-too", test_a_stopped_one_hears_it_too);
  fixture_add("/child-stop/an-interactive-bash-goes", test_an_interactive_bash_goes);
  fixture_add("/child-stop/a-second-stop-shortens-the-wait", test_a_second_stop_shortens_the_wait);
  fixture_add("/child-stop/after-the-end-it-does-nothing", test_after_the_end_it_does_nothing);
  fixture_add("/child-stop/one-that-comes-late-is-not-the-cause",
              test_a_stop_that_comes_late_is_not_the_cause);
  fixture_add("/child-stop/one-that-closed-its-terminal-is-stopped",
              test_one_that_closed_its_terminal_is_stopped);
  return g_test_run();
}
