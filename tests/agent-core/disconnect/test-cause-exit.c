/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/cause.h"

#include <signal.h>

#include "../../support/unit.h"

static gboolean
is_member(gint number, const gint *numbers, gsize n_numbers)
{
  for (gsize i = 0; i < n_numbers; i++)
    if (numbers[i] == number)
      return TRUE;
  return FALSE;
}

/* taxonomy 5, first table: the rows by exit status. */
static CdCause
expect_status(gint status)
{
  static const gint stopped[] = { 129, 130, 141, 143 };
  static const gint crashed[] = { 131, 132, 133, 134, 135, 136, 137, 139, 159 };

  if (status == 0)
    return CD_CAUSE_EXIT_OK;
  if (is_member(status, stopped, G_N_ELEMENTS(stopped)))
    return CD_CAUSE_EXIT_STOPPED;
  if (is_member(status, crashed, G_N_ELEMENTS(crashed)))
    return CD_CAUSE_EXIT_CRASHED;
  return CD_CAUSE_EXIT_CODE;
}

static void
assert_status(gint64 status, CdCause expected)
{
  g_autofree gchar *row = g_strdup_printf("status %" G_GINT64_FORMAT, status);

  unit_assert_row(row, cd_cause_get_name(cd_cause_from_exit_status(status)),
                  cd_cause_get_name(expected));
}

static void
test_every_status(void)
{
  for (gint status = 0; status < 256; status++)
    assert_status(status, expect_status(status));
}

/* Windows has 32 bits of it. */
static void
test_large_status(void)
{
  assert_status(256, CD_CAUSE_EXIT_CODE);
  assert_status(1000, CD_CAUSE_EXIT_CODE);
  assert_status(G_GINT64_CONSTANT(3221225786), CD_CAUSE_EXIT_CODE); /* Ctrl-C */
  assert_status(G_GINT64_CONSTANT(3221225477), CD_CAUSE_EXIT_CRASHED);
  assert_status(G_GINT64_CONSTANT(4294967294), CD_CAUSE_EXIT_CRASHED);
  assert_status(G_GINT64_CONSTANT(4294967295), CD_CAUSE_EXIT_GONE);
  assert_status(G_GINT64_CONSTANT(4294967296), CD_CAUSE_EXIT_CODE);
  assert_status(G_MAXINT64, CD_CAUSE_EXIT_CODE);
}

static void
test_no_status(void)
{
  assert_status(-1, CD_CAUSE_EXIT_GONE);
  assert_status(-128, CD_CAUSE_EXIT_GONE);
  assert_status(G_MININT64, CD_CAUSE_EXIT_GONE);
}

/* Nobody sends any other signal in normal operation. */
static void
test_every_signal(void)
{
  for (gint number = 1; number <= 64; number++)
    {
      gboolean ordinary = number == SIGHUP || number == SIGINT || number == SIGPIPE
                          || number == SIGTERM;
      g_autofree gchar *row = g_strdup_printf("signal %d", number);

      unit_assert_row(row, cd_cause_get_name(cd_cause_from_signal(number)),
                      cd_cause_get_name(ordinary ? CD_CAUSE_EXIT_STOPPED : CD_CAUSE_EXIT_CRASHED));
    }
}

typedef struct _NameRow
{
  gint number;
  const gchar *name;
} NameRow;

static const NameRow name_rows[] = {
  { SIGHUP, "HUP" },   { SIGINT, "INT" },   { SIGQUIT, "QUIT" }, { SIGILL, "ILL" },
  { SIGTRAP, "TRAP" }, { SIGABRT, "ABRT" }, { SIGBUS, "BUS" },   { SIGFPE, "FPE" },
  { SIGKILL, "KILL" }, { SIGUSR1, "USR1" }, { SIGSEGV, "SEGV" }, { SIGUSR2, "USR2" },
  { SIGPIPE, "PIPE" }, { SIGALRM, "ALRM" }, { SIGTERM, "TERM" }, { SIGXCPU, "XCPU" },
  { SIGXFSZ, "XFSZ" }, { SIGSYS, "SYS" },
};

static void
test_names(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(name_rows); i++)
    g_assert_cmpstr(cd_signal_get_name(name_rows[i].number), ==, name_rows[i].name);
}

static void
test_no_name(void)
{
  g_assert_null(cd_signal_get_name(0));
  g_assert_null(cd_signal_get_name(-1));
  g_assert_null(cd_signal_get_name(SIGRTMIN + 1));
  g_assert_null(cd_signal_get_name(G_MAXINT));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/cause-exit/every-status", test_every_status);
  g_test_add_func("/cause-exit/large-status", test_large_status);
  g_test_add_func("/cause-exit/no-status", test_no_status);
  g_test_add_func("/cause-exit/every-signal", test_every_signal);
  g_test_add_func("/cause-exit/names", test_names);
  g_test_add_func("/cause-exit/no-name", test_no_name);
  return g_test_run();
}
