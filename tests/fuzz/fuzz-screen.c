/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The screen model. The first bytes are rows, columns and what is done halfway; the rest is what a
 * program writes. What is drawn again is drawn the same, by whole or by bits. */
#include "pty/screen-model.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

#define HEAD 5

/* Small ones take less time, and more of what is written gets to the margins. */
#define ROWS 24
#define COLUMNS 48

enum
{
  RESIZE = 1 << 0,
  SLEEP = 1 << 1,
  JUMP = 1 << 2,
};

static GString *
_restore(const CdScreenModel *model)
{
  GString *bytes = g_string_new(NULL);

  cd_screen_model_restore(model, bytes);
  return bytes;
}

static void
_assert_equal(const GString *a, const GString *b)
{
  g_autofree gchar *first = NULL;
  g_autofree gchar *second = NULL;

  if (g_string_equal(a, b))
    return;
  first = g_strescape(a->str, NULL);
  second = g_strescape(b->str, NULL);
  g_assert_cmpstr(first, ==, second);
}

/* No byte above 127 is a control character of a terminal that reads UTF-8, nor is there a NUL. */
static void
_check_bytes(const GString *restored)
{
  g_assert_cmpuint(strlen(restored->str), ==, restored->len);
}

static GString *
_draw_again(const GString *bytes, guint16 rows, guint16 columns)
{
  g_autoptr(CdScreenModel) model = cd_screen_model_new(rows, columns);

  cd_screen_model_feed(model, (CdText) { bytes->str, bytes->len });
  return _restore(model);
}

/* A character without a width of its own may get lost the first time; from then on nothing does. */
static void
_check_drawn_again(const CdScreenModel *model, guint16 rows, guint16 columns)
{
  g_autoptr(GString) once = _restore(model);
  g_autoptr(GString) twice = _draw_again(once, rows, columns);
  g_autoptr(GString) thrice = NULL;

  _check_bytes(once);
  if (g_string_equal(once, twice))
    return;
  thrice = _draw_again(twice, rows, columns);
  _assert_equal(twice, thrice);
}

static void
_do_halfway(CdScreenModel *model, guint8 what, guint16 *rows, guint16 *columns, const guint8 *size)
{
  if (what & RESIZE)
    {
      *rows = size[0] % ROWS;
      *columns = size[1] % COLUMNS;
      cd_screen_model_resize(model, *rows, *columns);
    }
  if (what & SLEEP)
    cd_screen_model_sleep(model);
  if (what & JUMP)
    cd_screen_model_jump(model);
}

static void
_feed_bytewise(CdScreenModel *model, CdText bytes)
{
  for (gsize i = 0; i < bytes.length; i++)
    {
      gchar byte = bytes.data[i];

      cd_screen_model_feed(model, (CdText) { &byte, 1 });
    }
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  g_autoptr(CdScreenModel) model = NULL;
  CdText bytes;
  CdText half;
  guint16 rows;
  guint16 columns;

  if (size < HEAD)
    return 0;
  rows = data[0] % ROWS;
  columns = data[1] % COLUMNS;
  bytes = (CdText) { (const gchar *) data + HEAD, size - HEAD };
  half = cd_text_head(bytes, bytes.length / 2);
  model = cd_screen_model_new(rows, columns);
  cd_screen_model_feed(model, half);
  _check_drawn_again(model, rows, columns);
  _do_halfway(model, data[2], &rows, &columns, data + 3);
  _check_drawn_again(model, rows, columns);
  _feed_bytewise(model, cd_text_skip(bytes, half.length));
  _check_drawn_again(model, rows, columns);
  return 0;
}
