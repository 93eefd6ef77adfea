/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When a screen takes what: as if all came at once. What it draws is test-screen-model's. */
#include "pty/restore.h"
#include "pty/screen-model.h"

#include "../../support/unit.h"

#include <time.h>

#define ROWS 24
#define COLUMNS 80

/* Sizes that come without output in between, and seconds of a processor that they may take; were
 * each drawn they would take half a minute. */
#define FLOOD 1000
#define FLOOD_SECONDS 2

/* Output that would take as long, and what it may. */
#define DEAR_SIZE (200 * 1024)
#define DEAR_SECONDS 3

static void
_put(CdRing *ring, CdText bytes)
{
  struct iovec piece[2];

  g_assert_cmpint(cd_ring_get_room(ring, bytes.length, piece), ==, 1);
  memcpy(piece[0].iov_base, bytes.data, bytes.length);
  cd_ring_advance(ring, bytes.length);
}

static void
_ignore(gpointer user_data)
{
}

static CdPtyRestore *
_new(const CdRing *ring)
{
  return cd_pty_restore_new(CD_PTY_BACKEND_TERMINAL, ring, ROWS, COLUMNS, _ignore, NULL);
}

static void
_assert_same(CdPtyRestore *self, CdScreenModel *model)
{
  GString *is = cd_pty_restore_make(self);
  g_autoptr(GString) should_be = g_string_new(NULL);

  cd_screen_model_restore(model, should_be);
  unit_assert_text(((CdText) { is->str, is->len }), ((CdText) { should_be->str, should_be->len }));
  g_string_free(is, TRUE);
}

/* What came before a new size is wrapped at the old one. */
static void
test_size_between_output(void)
{
  const CdText before = CD_TEXT("\033[5;70Hbefore it is\r\n");
  const CdText after = CD_TEXT("\033[999;999Hafter");
  g_autoptr(CdRing) ring = cd_ring_new();
  g_autoptr(CdPtyRestore) self = _new(ring);
  g_autoptr(CdScreenModel) model = cd_screen_model_new(ROWS, COLUMNS);

  _put(ring, before);
  cd_pty_restore_resize(self, 30, 75);
  _put(ring, after);
  cd_screen_model_feed(model, before);
  cd_screen_model_resize(model, 30, 75);
  cd_screen_model_feed(model, after);
  _assert_same(self, model);
}

static void
test_size_without_output(void)
{
  g_autoptr(CdRing) ring = cd_ring_new();
  g_autoptr(CdPtyRestore) self = _new(ring);
  g_autoptr(CdScreenModel) model = cd_screen_model_new(ROWS, COLUMNS);

  cd_pty_restore_resize(self, 10, 40);
  cd_screen_model_resize(model, 10, 40);
  _assert_same(self, model);
}

static gdouble
_get_processor_seconds(void)
{
  struct timespec now;

  g_assert_no_errno(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now));
  return (gdouble) now.tv_sec + (gdouble) now.tv_nsec / 1e9;
}

/* A client could otherwise keep all other sessions waiting for as long as it likes. */
static void
test_flood_of_sizes(void)
{
  g_autoptr(CdRing) ring = cd_ring_new();
  g_autoptr(CdPtyRestore) self = _new(ring);
  gdouble begin = _get_processor_seconds();

  _put(ring, CD_TEXT("x"));
  for (guint i = 0; i < FLOOD; i++)
    cd_pty_restore_resize(self, (guint16) (CD_SCREEN_ROWS_MAX - i % 2), CD_SCREEN_COLUMNS_MAX);
  g_string_free(cd_pty_restore_make(self), TRUE);
  g_assert_cmpfloat(_get_processor_seconds() - begin, <, FLOOD_SECONDS);
}

/* Each byte of some output costs a hundred thousand times what it costs to write. */
static void
test_dear_output(void)
{
  const CdText scroll = CD_TEXT("\033[S");
  g_autoptr(CdRing) ring = cd_ring_new();
  g_autoptr(CdPtyRestore) self = _new(ring);
  gdouble begin = _get_processor_seconds();

  cd_pty_restore_resize(self, CD_SCREEN_ROWS_MAX, CD_SCREEN_COLUMNS_MAX);
  while (cd_ring_get_head(ring) + scroll.length <= DEAR_SIZE)
    _put(ring, scroll);
  cd_pty_restore_take(self);
  g_assert_cmpfloat(_get_processor_seconds() - begin, <, 1);
  g_string_free(cd_pty_restore_make(self), TRUE);
  g_assert_cmpfloat(_get_processor_seconds() - begin, <, DEAR_SECONDS);
}

/* What was cut has no beginning, and what comes then no end. */
static void
test_output_after_dear(void)
{
  g_autoptr(CdRing) ring = cd_ring_new();
  g_autoptr(CdPtyRestore) self = _new(ring);
  GString *is;

  cd_pty_restore_resize(self, CD_SCREEN_ROWS_MAX, CD_SCREEN_COLUMNS_MAX);
  while (cd_ring_get_head(ring) < DEAR_SIZE)
    _put(ring, CD_TEXT("\033[S\033]0;"));
  g_string_free(cd_pty_restore_make(self), TRUE);
  _put(ring, CD_TEXT("\033[2Jhere"));
  is = cd_pty_restore_make(self);
  g_assert_nonnull(strstr(is->str, "here"));
  g_string_free(is, TRUE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/restore/size-between-output", test_size_between_output);
  g_test_add_func("/restore/size-without-output", test_size_without_output);
  g_test_add_func("/restore/flood-of-sizes", test_flood_of_sizes);
  g_test_add_func("/restore/dear-output", test_dear_output);
  g_test_add_func("/restore/output-after-dear", test_output_after_dear);
  return g_test_run();
}
