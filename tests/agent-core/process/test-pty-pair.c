/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "process/pty-pair.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

static void
_open(CdPtyPair *pair, guint16 rows, guint16 columns)
{
  g_autoptr(GError) error = NULL;

  g_assert_true(cd_pty_pair_open(pair, rows, columns, &error));
  g_assert_no_error(error);
}

static void
_assert_size(const CdPtyPair *pair, guint rows, guint columns)
{
  gint slave = open(pair->name, O_RDWR | O_NOCTTY);
  struct winsize size;

  g_assert_cmpint(slave, >=, 0);
  g_assert_cmpint(ioctl(slave, TIOCGWINSZ, &size), ==, 0);
  g_assert_cmpuint(size.ws_row, ==, rows);
  g_assert_cmpuint(size.ws_col, ==, columns);
  close(slave);
}

static void
test_it_has_the_size(void)
{
  CdPtyPair pair;

  _open(&pair, 50, 132);
  _assert_size(&pair, 50, 132);
  cd_pty_pair_close(&pair);
}

static void
test_a_size_of_none_is_the_default(void)
{
  const guint16 sizes[][2] = { { 0, 0 }, { 0, 132 }, { 50, 0 } };

  for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++)
    {
      CdPtyPair pair;

      _open(&pair, sizes[i][0], sizes[i][1]);
      _assert_size(&pair, 24, 80);
      cd_pty_pair_close(&pair);
    }
}

static void
test_it_takes_another_size(void)
{
  CdPtyPair pair;

  _open(&pair, 24, 80);
  g_assert_true(cd_pty_pair_resize(&pair, 65535, 1, NULL));
  _assert_size(&pair, 65535, 1);
  cd_pty_pair_close(&pair);
}

static void
test_no_size_keeps_the_old_one(void)
{
  CdPtyPair pair;

  _open(&pair, 10, 20);
  g_assert_true(cd_pty_pair_resize(&pair, 0, 132, NULL));
  g_assert_true(cd_pty_pair_resize(&pair, 50, 0, NULL));
  _assert_size(&pair, 10, 20);
  cd_pty_pair_close(&pair);
}

static void
test_a_closed_one_takes_no_size(void)
{
  g_autoptr(GError) error = NULL;
  CdPtyPair pair;

  _open(&pair, 10, 20);
  cd_pty_pair_close(&pair);
  cd_pty_pair_close(&pair);
  g_assert_cmpint(pair.master, ==, -1);
  g_assert_false(cd_pty_pair_resize(&pair, 1, 1, &error));
  g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_BADF);
  g_assert_cmpstr(error->message, ==, "no terminal: TIOCSWINSZ: Bad file descriptor");
}

static void
test_it_knows_utf8(void)
{
  struct termios modes;
  CdPtyPair pair;

  _open(&pair, 0, 0);
  g_assert_cmpint(tcgetattr(pair.master, &modes), ==, 0);
  g_assert_true(modes.c_iflag & IUTF8);
  cd_pty_pair_close(&pair);
}

static void
test_the_master_neither_waits_nor_is_inherited(void)
{
  CdPtyPair pair;

  _open(&pair, 0, 0);
  g_assert_true(fcntl(pair.master, F_GETFL) & O_NONBLOCK);
  g_assert_true(fcntl(pair.master, F_GETFD) & FD_CLOEXEC);
  cd_pty_pair_close(&pair);
}

static void
test_it_is_raw_when_its_program_says_so(void)
{
  struct termios terminal;
  CdPtyPair pair;
  gint slave;

  _open(&pair, 0, 0);
  slave = open(pair.name, O_RDWR | O_NOCTTY);
  g_assert_false(cd_pty_pair_is_raw(&pair));
  tcgetattr(slave, &terminal);
  cfmakeraw(&terminal);
  g_assert_cmpint(tcsetattr(slave, TCSANOW, &terminal), ==, 0);
  g_assert_true(cd_pty_pair_is_raw(&pair));
  close(slave);
  cd_pty_pair_close(&pair);
}

static void
test_closing_hangs_up(void)
{
  CdPtyPair pair;
  gint slave;
  gchar byte;

  _open(&pair, 0, 0);
  slave = open(pair.name, O_RDWR | O_NOCTTY);
  cd_pty_pair_close(&pair);
  g_assert_cmpint(read(slave, &byte, 1), ==, 0);
  g_assert_cmpint(write(slave, "x", 1), ==, -1);
  g_assert_cmpint(errno, ==, EIO);
  close(slave);
}

static void
test_without_descriptors_it_is_an_error(void)
{
  g_autoptr(GError) error = NULL;
  struct rlimit before, none;
  CdPtyPair pair;

  getrlimit(RLIMIT_NOFILE, &before);
  none = before;
  none.rlim_cur = 3;
  setrlimit(RLIMIT_NOFILE, &none);
  g_assert_false(cd_pty_pair_open(&pair, 0, 0, &error));
  setrlimit(RLIMIT_NOFILE, &before);
  g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_MFILE);
  g_assert_cmpstr(error->message, ==, "no terminal: posix_openpt: Too many open files");
  g_assert_cmpint(pair.master, ==, -1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/pty-pair/has-the-size", test_it_has_the_size);
  g_test_add_func("/pty-pair/a-size-of-none-is-the-default", test_a_size_of_none_is_the_default);
  g_test_add_func("/pty-pair/takes-another-size", test_it_takes_another_size);
  g_test_add_func("/pty-pair/no-size-keeps-the-old-one", test_no_size_keeps_the_old_one);
  g_test_add_func("/pty-pair/a-closed-one-takes-no-size", test_a_closed_one_takes_no_size);
  g_test_add_func("/pty-pair/knows-utf8", test_it_knows_utf8);
  g_test_add_func("/pty-pair/the-master-neither-waits-nor-is-inherited",
                  test_the_master_neither_waits_nor_is_inherited);
  g_test_add_func("/pty-pair/is-raw-when-its-program-says-so",
                  test_it_is_raw_when_its_program_says_so);
  g_test_add_func("/pty-pair/closing-hangs-up", test_closing_hangs_up);
  g_test_add_func("/pty-pair/without-descriptors-it-is-an-error",
                  test_without_descriptors_it_is_an_error);
  return g_test_run();
}
