/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a model gives to draw its screen with draws that screen: on libvterm by itself, beside one
 * that had everything. */
#include "pty/screen-model.h"
#include "pty/screen-paint.h"

#include "../../support/screen-reference.h"
#include "../../support/unit.h"

#include <stdlib.h>

#define ROWS 24
#define COLUMNS 80

/* A recording (tests/data/screens): what a program wrote to a terminal of some size, which may
 * have changed at an offset. */
typedef struct _Recording
{
  gchar *name;
  gint rows, columns;
  gsize change;
  gint new_rows, new_columns;
  gchar *data;
  gsize length;
} Recording;

static gint
_last_rows(const Recording *self)
{
  return self->new_rows ? self->new_rows : self->rows;
}

static gint
_last_columns(const Recording *self)
{
  return self->new_columns ? self->new_columns : self->columns;
}

static CdText
_before(const Recording *self)
{
  return (CdText) { self->data, self->new_rows ? self->change : self->length };
}

static CdText
_after(const Recording *self)
{
  return cd_text_skip((CdText) { self->data, self->length }, _before(self).length);
}

static gchar *
_restored(const CdScreenModel *model)
{
  GString *bytes = g_string_new(NULL);

  cd_screen_model_restore(model, bytes);
  return g_string_free(bytes, FALSE);
}

/* Restored bytes have no NUL. */
static gchar *
_draw(const gchar *restored, CdText more, gint rows, gint columns)
{
  g_autoptr(ScreenReference) drawn = screen_reference_new(rows, columns);

  screen_reference_feed(drawn, cd_text_from_string(restored));
  screen_reference_feed(drawn, more);
  return screen_reference_describe(drawn);
}

static gchar *
_draw_all(const Recording *recording, CdText more)
{
  g_autoptr(ScreenReference) drawn = screen_reference_new(recording->rows, recording->columns);

  screen_reference_feed(drawn, _before(recording));
  if (recording->new_rows)
    screen_reference_resize(drawn, recording->new_rows, recording->new_columns);
  screen_reference_feed(drawn, _after(recording));
  screen_reference_feed(drawn, more);
  return screen_reference_describe(drawn);
}

static CdScreenModel *
_model_of(const Recording *recording)
{
  CdScreenModel *model = cd_screen_model_new(recording->rows, recording->columns);

  cd_screen_model_feed(model, _before(recording));
  if (recording->new_rows)
    cd_screen_model_resize(model, recording->new_rows, recording->new_columns);
  cd_screen_model_feed(model, _after(recording));
  return model;
}

static void
_assert_same(const gchar *drawn, const gchar *all)
{
  g_auto(GStrv) are = g_strsplit(drawn, "\n", -1);
  g_auto(GStrv) should_be = g_strsplit(all, "\n", -1);

  for (guint i = 0; are[i] && should_be[i]; i++)
    g_assert_cmpstr(are[i], ==, should_be[i]);
  g_assert_cmpuint(g_strv_length(are), ==, g_strv_length(should_be));
}

static void
_assert_restores(const Recording *recording, CdText more)
{
  g_autoptr(CdScreenModel) model = _model_of(recording);
  g_autofree gchar *restored = _restored(model);
  g_autofree gchar *drawn = _draw(restored, more, _last_rows(recording), _last_columns(recording));
  g_autofree gchar *all = _draw_all(recording, more);

  _assert_same(drawn, all);
}

static void
test_restores(gconstpointer recording)
{
  _assert_restores(recording, CD_TEXT_NONE);
}

/* What shows only when the program goes on: where the cursor waits, tab stops, charsets, margins,
 * insert mode, what is below the alternate screen. */
static void
test_goes_on(gconstpointer recording)
{
  static const CdText more[] = {
    CD_TEXT("x"),
    CD_TEXT("lqk\016lqk\017lqk"),
    CD_TEXT("\r\ta\tb\tc\td"),
    CD_TEXT("\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nx"),
    CD_TEXT("\033[?1047lbelow"),
    CD_TEXT("\033[?1049lbelow"),
    CD_TEXT("\033[?1047l\033[H\033[2J\033[?1047hx"),
  };

  for (gsize i = 0; i < G_N_ELEMENTS(more); i++)
    _assert_restores(recording, more[i]);
}

static void
test_same_in_pieces(gconstpointer user_data)
{
  const Recording *recording = user_data;
  g_autoptr(CdScreenModel) whole = cd_screen_model_new(recording->rows, recording->columns);
  g_autoptr(CdScreenModel) pieces = cd_screen_model_new(recording->rows, recording->columns);
  g_autofree gchar *expected = NULL;
  g_autofree gchar *restored = NULL;
  CdText rest = _before(recording);

  cd_screen_model_feed(whole, rest);
  while (rest.length)
    {
      const CdText piece = cd_text_head(rest, (gsize) g_test_rand_int_range(1, 40));
      g_autofree gchar *copy = g_memdup2(piece.data, piece.length);

      cd_screen_model_feed(pieces, (CdText) { copy, piece.length });
      rest = cd_text_skip(rest, piece.length);
    }
  expected = _restored(whole);
  restored = _restored(pieces);
  g_assert_cmpstr(restored, ==, expected);
}

static void
test_same_when_drawn_twice(gconstpointer recording)
{
  g_autoptr(CdScreenModel) model = _model_of(recording);
  g_autoptr(CdScreenModel)
    again = cd_screen_model_new(_last_rows(recording), _last_columns(recording));
  g_autofree gchar *once = _restored(model);
  g_autofree gchar *twice = NULL;

  cd_screen_model_feed(again, cd_text_from_string(once));
  twice = _restored(again);
  g_assert_cmpstr(twice, ==, once);
}

static void
test_same_after_sleep(gconstpointer user_data)
{
  const Recording *recording = user_data;
  g_autoptr(CdScreenModel) model = cd_screen_model_new(recording->rows, recording->columns);
  g_autoptr(CdScreenModel) sleeper = cd_screen_model_new(recording->rows, recording->columns);
  const CdText all = _before(recording);
  g_autofree gchar *expected = NULL;
  g_autofree gchar *asleep = NULL;
  g_autofree gchar *awake = NULL;

  cd_screen_model_feed(model, all);
  cd_screen_model_feed(sleeper, cd_text_head(all, all.length / 2));
  cd_screen_model_sleep(sleeper);
  cd_screen_model_feed(sleeper, cd_text_skip(all, all.length / 2));
  expected = _restored(model);
  awake = _restored(sleeper);
  g_assert_cmpstr(awake, ==, expected);
  cd_screen_model_sleep(sleeper);
  asleep = _restored(sleeper);
  g_assert_cmpstr(asleep, ==, expected);
}

typedef struct _Row
{
  const gchar *name;
  const gchar *bytes;
} Row;

/* clang-format off */
static const Row drawn_rows[] = {
  { "nothing", "" },
  { "text", "hello\r\nworld" },
  { "attributes",
    "\033[1mb\033[3mi\033[4mu\033[5mk\033[7mr\033[9ms\033[21mU\033[4:3mw\033[m." },
  { "16 colours", "\033[31;42ma\033[91;102mb\033[39mc\033[49md" },
  { "256 colours", "\033[38;5;100ma\033[48;5;200mb\033[38:5:17mc\033[38;5;3md" },
  { "true colour", "\033[38;2;1;2;3ma\033[48;2;250;0;9mb\033[38:2:7:8:9mc" },
  { "a ground to the border", "\033[44m\033[K\033[mx" },
  { "a ground in the middle", "abcdef\033[3D\033[45m\033[2Xz" },
  { "a ground before text", "\033[5;1H\033[46m\033[K\033[5;40Hx\033[my" },
  { "pen", "a\033[1;4;31;48;5;99m" },
  { "a screen of letters", "\033#8" },
  { "boxes", "┌─┐\r\n│x│\r\n└─┘" },
  { "wide", "世界 a世\033[3;79H世界" },
  { "a wide one over the border", "\033[3;80H世" },
  { "half of a wide one", "世界\r\033[2Cx" },
  { "marks", "e\314\201x\033[2;79He\314\201" },
  { "cursor", "\033[7;33H" },
  { "cursor waits", "\033[3;79Hab" },
  { "cursor waits in the last line", "\033[24;79H\033[31mab\033[32m" },
  { "cursor waits behind a wide one", "\033[3;79H世" },
  { "cursor at the border doesn't wait", "\033[3;79Ha" },
  { "cursor waits and the line is erased", "\033[3;79Hab\033[K" },
  { "no autowrap", "\033[?7l\033[3;79Habc" },
  { "hidden cursor", "\033[?25l" },
  { "shown cursor", "\033[?25l\033[?25h" },
  { "cursor shape", "\033[4 q" },
  { "cursor shape taken back", "\033[6 q\033[0 q" },
  { "alternate screen", "main\033[?1049h\033[H\033[2Jalternate" },
  { "alternate screen left", "main\033[?1049h\033[H\033[2Jalternate\033[?1049l" },
  { "alternate screen without saving", "main\033[?1047h\033[Halternate" },
  { "pen below the alternate screen", "\033[31mmain\033[?1049h\033[32mx" },
  { "scroll region", "\033[5;10r\033[10;1Hx" },
  { "scroll region and origin", "\033[5;10r\033[?6h\033[2;3Hx" },
  { "origin alone", "\033[?6h\033[2;3Hx" },
  { "side margins", "\033[?69h\033[10;40s\033[3;20r\033[5;20Hx" },
  { "insert mode", "abc\r\033[4h" },
  { "new line mode", "abc\033[20h" },
  { "cursor keys", "\033[?1h" },
  { "keypad", "\033=" },
  { "keypad taken back", "\033=\033>" },
  { "bracketed paste", "\033[?2004h" },
  { "mouse clicks", "\033[?1000h\033[?1006h" },
  { "mouse drags", "\033[?1002h\033[?1015h" },
  { "mouse moves", "\033[?1003h\033[?1005h" },
  { "mouse taken back", "\033[?1003h\033[?1006h\033[?1003l\033[?1006l" },
  { "focus", "\033[?1004h" },
  { "title", "\033]2;a title\033\\" },
  { "title and icon", "\033]0;both\007" },
  { "icon", "\033]1;icon\033\\\033]2;title\033\\" },
  { "tab stops", "\033[3g\033[1;5H\033H\033[1;33H\033H\r" },
  { "a tab stop less", "\033[1;9H\033[g\r" },
  { "charset", "\033(0lqk" },
  { "charset of the other shift", "\033)0\016lqk" },
  { "charset to come", "\033)0lqk" },
  { "two charsets", "\033)A#\016#\017#" },
  { "saved cursor", "\033[5;7H\033[31m\0337\033[H\033[m" },
  { "half a sequence", "a\033[3" },
  { "half a title", "a\033]2;titl" },
  { "half a character", "a\033[m\344\270" },
  { "reset", "\033[31mabc\033[?1h\033[5;9r\033[4h\033c" },
};

/* What libvterm itself doesn't do, or wrongly. */
static const struct
{
  const gchar *name;
  const gchar *bytes;
  const gchar *same_as;
} mended_rows[] = {
  { "dim", "\033[2ma\033[22mb", "\033[2ma\033[mb" },
  { "dim and bold", "\033[1;2ma\033[22mb", "\033[1;2ma\033[mb" },
  { "concealed", "\033[8ma\033[28mb", "\033[8ma\033[mb" },
  { "overlined", "\033[53ma\033[55mb", "\033[53ma\033[mb" },
  { "modes in one sequence", "\033[?1;25;1049hx", "\033[?1h\033[?25h\033[?1049hx" },
  { "the older alternate screen", "a\033[?47hb", "a\033[?1047hb" },
  { "more colours than arguments",
    "\033[1;3;4;38;2;1;2;3;48;2;4;5;6;58;5;7;9;7;5mx",
    "\033[1;3;4m\033[38;2;1;2;3m\033[48;2;4;5;6m\033[9;7;5mx" },
  { "an underline's colour isn't blink", "\033[4;58;5;5mx", "\033[4mx" },
  { "a colour that is cut off", "\033[1;38mx", "\033[1mx" },
  { "a colour space is left out", "\033[38:2::1:2:3mx", "\033[38;2;1;2;3mx" },
  { "CSI s and CSI u", "\033[5;5H\033[sabc\033[ux", "\033[5;5H\0337abc\0338x" },
  { "the screens save a cursor each",
    "\033[5;5H\033[?1049h\033[9;9H\0337\033[?1049lx",
    "\033[5;5H\033[?1049h\033[9;9H\0337\033[Hy\033[?1049lx" },
  { "a character repeated", "ab\033[3bc", "abbbbc" },
  { "a wide one repeated", "a世\033[2bc", "a世世世c" },
  { "nothing repeated", "\033[5bx", "x" },
  { "soft reset",
    "\033[31m\033[5;9r\033[4h\033[?25l\033[3;3H\033[!px",
    "\033[?1l\033[?25h\033>\033[3;3Hx" },
  { "what isn't obeyed", "a\033[c\033[6n\033[?25$p\033P$qr\033\\\033[5n\033[14tb", "ab" },
  { "strings", "a\033_apc\033\\\033^pm\033\\\033Xsos\033\\\033Pdcs\033\\b", "ab" },
  { "a string longer than what is held", NULL, "ab" },
  { "controls of C1", "a\302\205\302\215\302\233b", "ab" },
  { "what isn't UTF-8", "a\377b\300\200c", "a\357\277\275b\357\277\275\357\277\275c" },
  { "a mark by itself", "\033[5;5H\314\201x", "\033[5;5Hx" },
  { "a mark at the margin", "\033[1;80H\033(Be\314\201", "\033[1;80He\314\201" },
  { "a mark behind the margin", "\033[1;80Hx\033[m\314\201", "\033[1;80Hx" },
  { "cancelled", "a\033[3\030b\033]2;x\032c", "abc" },
  { "broken", "\033[31\351mx", "\357\277\275mx" },
};
/* clang-format on */

static void
test_row(gconstpointer user_data)
{
  const Row *row = user_data;
  Recording recording = { .rows = ROWS, .columns = COLUMNS };

  recording.data = (gchar *) row->bytes;
  recording.length = strlen(row->bytes);
  test_restores(&recording);
  test_goes_on(&recording);
  test_same_in_pieces(&recording);
  test_same_when_drawn_twice(&recording);
  test_same_after_sleep(&recording);
}

static void
test_mended(gconstpointer user_data)
{
  const gsize i = GPOINTER_TO_SIZE(user_data);
  g_autoptr(CdScreenModel) model = cd_screen_model_new(ROWS, COLUMNS);
  g_autoptr(CdScreenModel) other = cd_screen_model_new(ROWS, COLUMNS);
  g_autofree gchar *longer = g_strnfill(10000, 'x');
  g_autofree gchar *is = NULL;
  g_autofree gchar *should_be = NULL;

  if (mended_rows[i].bytes)
    cd_screen_model_feed(model, cd_text_from_string(mended_rows[i].bytes));
  else
    {
      cd_screen_model_feed(model, CD_TEXT("a\033]52;c;"));
      cd_screen_model_feed(model, cd_text_from_string(longer));
      cd_screen_model_feed(model, cd_text_from_string(longer));
      cd_screen_model_feed(model, CD_TEXT("\033"));
      cd_screen_model_feed(model, CD_TEXT("\\b"));
    }
  cd_screen_model_feed(other, cd_text_from_string(mended_rows[i].same_as));
  is = _restored(model);
  should_be = _restored(other);
  unit_assert_text(cd_text_from_string(is), cd_text_from_string(should_be));
}

static void
test_title_is_short_and_plain(void)
{
  g_autoptr(CdScreenModel) model = cd_screen_model_new(ROWS, COLUMNS);
  g_autofree gchar *longer = g_strnfill(3000, 'y');
  g_autofree gchar *sequence = g_strdup_printf("\033]2;a\002b\302\205c%s\007", longer);
  g_autofree gchar *restored = NULL;
  g_autofree gchar *kept = g_strnfill(1021, 'y');
  g_autofree gchar *title = g_strdup_printf("\033]2;abc%s\033\\", kept);

  cd_screen_model_feed(model, cd_text_from_string(sequence));
  restored = _restored(model);
  g_assert_nonnull(strstr(restored, title));
}

static void
test_colours_are_kept(void)
{
  g_autoptr(CdScreenModel) model = cd_screen_model_new(ROWS, COLUMNS);
  g_autofree gchar *restored = NULL;

  cd_screen_model_feed(model, CD_TEXT("\033]11;#102030\007\033]4;1;rgb:1/2/3;7;red\007"
                                      "\033]10;?\007\033]12;a\002b\007\033]4;300;blue\007"));
  restored = _restored(model);
  g_assert_nonnull(strstr(restored, "\033]11;#102030\033\\"));
  g_assert_nonnull(strstr(restored, "\033]4;1;rgb:1/2/3\033\\\033]4;7;red\033\\"));
  g_assert_null(strstr(restored, "?\033"));
  g_assert_null(strstr(restored, "\033]12"));
  g_assert_null(strstr(restored, "blue"));
}

static void
test_size_is_clamped(void)
{
  static const guint16 sizes[] = { 0, 1, 2, 3, 999, 65535 };

  for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++)
    for (gsize j = 0; j < G_N_ELEMENTS(sizes); j++)
      {
        g_autoptr(CdScreenModel) model = cd_screen_model_new(sizes[i], sizes[j]);
        g_autofree gchar *restored = NULL;

        cd_screen_model_feed(model, CD_TEXT("世界\033[9999;9999Hab\033[9999@世\033[9999L"));
        cd_screen_model_resize(model, sizes[j], sizes[i]);
        cd_screen_model_feed(model, CD_TEXT("\r\n世界\033[5;9r\0338x"));
        restored = _restored(model);
      }
}

/* In an older libvterm it was above the screen then. */
static void
test_cursor_stays_inside_when_the_size_shrinks(void)
{
  g_autoptr(CdScreenModel) model = cd_screen_model_new(ROWS, COLUMNS);
  g_autofree gchar *restored = NULL;

  cd_screen_model_feed(model, CD_TEXT("\033[24;1Hlast\033[H"));
  cd_screen_model_resize(model, 5, 20);
  cd_screen_model_feed(model, CD_TEXT("\033[31mfirst\033[2K\033[1@\033[1Mx"));
  restored = _restored(model);
  g_assert_nonnull(strstr(restored, "x"));
}

/* Nothing that libvterm puts on the character before is drawn as one of its own. */
static void
test_marks_are_known(void)
{
  for (gunichar c = 0xa0; c < 0x20000; c++)
    {
      g_autoptr(ScreenReference) drawn = NULL;
      g_autofree gchar *described = NULL;
      gchar bytes[8] = "a";

      if (!g_unichar_validate(c) || cd_screen_is_mark(c))
        continue;
      drawn = screen_reference_new(1, 4);
      screen_reference_feed(drawn, (CdText) { bytes, 1 + (gsize) g_unichar_to_utf8(c, bytes + 1) });
      described = screen_reference_describe(drawn);
      if (!strstr(described, "0,0:a\n"))
        g_error("U+%04X", c);
    }
}

static void
_append_lines(GString *to, guint n)
{
  for (guint i = 0; i < n; i++)
    g_string_append_printf(to, "line %u \033[3%um of many\033[m\r\n", i, i % 8);
}

/* How a server would: what may be left out is, the rest is drawn. */
static void
_feed_skipping(CdScreenModel *model, CdText bytes, gsize *skipped)
{
  *skipped = cd_screen_model_skip(model, bytes);
  cd_screen_model_feed(model, cd_text_skip(bytes, *skipped));
}

static void
_append_plain_lines(GString *to, guint n)
{
  for (guint i = 0; i < n; i++)
    g_string_append_printf(to, "%*s line %u, d\303\251j\303\240 vu\r\n", i % 90, "", i);
}

/* Few of them fill a screen; some end at its margin. */
static void
_append_long_lines(GString *to, guint n)
{
  g_autofree gchar *letters = g_strnfill(2000, 'l');

  for (guint i = 0; i < n / 20; i++)
    g_string_append_printf(to, "%.*s %u\r\n%.*s\r\n", (gint) (i * 37 % 2000), letters, i,
                           (gint) (i % 3 * COLUMNS), letters);
}

static void
_append_long_colours(GString *to, guint n)
{
  g_string_append(to, "\033[35m");
  _append_long_lines(to, n);
}

static void (*const fillers[])(GString *to, guint n) = {
  _append_lines,
  _append_plain_lines,
  _append_long_lines,
  _append_long_colours,
};

static void
_assert_skips(gsize filler, const gchar *before, const gchar *between, const gchar *after,
              gboolean expected)
{
  g_autoptr(CdScreenModel) all = cd_screen_model_new(ROWS, COLUMNS);
  g_autoptr(CdScreenModel) model = cd_screen_model_new(ROWS, COLUMNS);
  g_autoptr(GString) bytes = g_string_new(between);
  g_autofree gchar *is = NULL;
  g_autofree gchar *should_be = NULL;
  gsize skipped;

  fillers[filler](bytes, 5000);
  g_string_append(bytes, after);
  cd_screen_model_feed(all, cd_text_from_string(before));
  cd_screen_model_feed(model, cd_text_from_string(before));
  cd_screen_model_feed(all, (CdText) { bytes->str, bytes->len });
  _feed_skipping(model, (CdText) { bytes->str, bytes->len }, &skipped);
  g_assert_cmpint(skipped > 0, ==, expected);
  is = _restored(model);
  should_be = _restored(all);
  unit_assert_text(cd_text_from_string(is), cd_text_from_string(should_be));
}

/* clang-format off */
static const struct
{
  const gchar *name, *before, *between, *after;
  gboolean skips;
} skip_rows[] = {
  { "lines", "prompt$ ", "seq\r\n", "", TRUE },
  { "lines without an end", "x", "", "half a line", TRUE },
  { "a pen from before", "\033[1;31m", "", "\033[7m", TRUE },
  { "modes on the way", "", "\033[?2004h\033[?25l\033]2;title\007\033=", "", TRUE },
  { "a pen on the way", "", "\033[4;35m", "x", TRUE },
  { "a cursor on the way", "", "\033[5;5Hx\033[2J", "", TRUE },
  { "an alternate screen behind", "", "", "\033[?1049h\033[Halternate", TRUE },
  { "a region behind", "", "", "\033[3;9r\033[9;1H\n\n\nx", TRUE },
  { "lines cut at the margin", "\033[?7l", "", "", TRUE },
  { "lines cut at the margin from here", "", "\033[?7l", "", TRUE },
  { "another character set", "\033)0", "\016", "x", TRUE },
  { "an alternate screen before", "main\033[?1049h", "", "", FALSE },
  { "an alternate screen on the way", "", "\033[?1049h", "\033[?1049lx", FALSE },
  { "a region before", "\033[2;20r", "", "", FALSE },
  { "a region on the way", "", "\033[2;20r", "\033[r", FALSE },
  { "a saved cursor on the way", "", "\0337", "\0338x", FALSE },
  { "half a sequence before", "\033[3", "1m", "", FALSE },
};
/* clang-format on */

static void
test_skip(gconstpointer user_data)
{
  const gsize i = GPOINTER_TO_SIZE(user_data);

  for (gsize k = 0; k < G_N_ELEMENTS(fillers); k++)
    _assert_skips(k, skip_rows[i].before, skip_rows[i].between, skip_rows[i].after,
                  skip_rows[i].skips);
}

static void
test_little_is_not_skipped(void)
{
  g_autoptr(CdScreenModel) model = cd_screen_model_new(ROWS, COLUMNS);

  g_assert_cmpuint(cd_screen_model_skip(model, CD_TEXT("a\r\nb\r\n")), ==, 0);
}

static void
test_screens_drawn_over_are_not_skipped(void)
{
  g_autoptr(CdScreenModel) model = cd_screen_model_new(ROWS, COLUMNS);
  g_autoptr(GString) bytes = g_string_new(NULL);

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf(bytes, "\r%u %%", i);
  g_assert_cmpuint(bytes->len, >, 100000);
  g_assert_cmpuint(cd_screen_model_skip(model, (CdText) { bytes->str, bytes->len }), ==, 0);
}

static void
test_jump_keeps_modes(void)
{
  g_autoptr(CdScreenModel) model = cd_screen_model_new(ROWS, COLUMNS);
  g_autofree gchar *restored = NULL;

  cd_screen_model_feed(model, CD_TEXT("old\033[?2004h\033[31m\033]2;title\007"));
  g_assert_true(cd_screen_model_may_jump(model));
  cd_screen_model_jump(model);
  cd_screen_model_feed(model, CD_TEXT("new"));
  restored = _restored(model);
  g_assert_null(strstr(restored, "old"));
  g_assert_nonnull(strstr(restored, "\033[24;1H\033[0;31mnew"));
  g_assert_nonnull(strstr(restored, "\033[?2004h"));
  g_assert_nonnull(strstr(restored, "\033]2;title"));
}

static void
_add_recording(const gchar *test, const Recording *recording, GTestDataFunc function)
{
  g_autofree gchar *folder = g_strdup_printf("/screen-model/%s", test);

  unit_add_row(folder, recording->name, recording, function);
}

static Recording *
_read(const gchar *line)
{
  Recording *self = g_new0(Recording, 1);
  g_auto(GStrv) words = g_strsplit(line, " ", -1);
  g_autofree gchar *file = g_strdup_printf("%s.bin", words[0]);
  g_autofree gchar *path = g_test_build_filename(G_TEST_DIST, "data", "screens", file, NULL);

  self->name = g_strdup(words[0]);
  self->rows = atoi(words[1]);
  self->columns = atoi(words[2]);
  if (words[3])
    {
      self->change = (gsize) atoi(words[3]);
      self->new_rows = atoi(words[4]);
      self->new_columns = atoi(words[5]);
    }
  g_assert_true(g_file_get_contents(path, &self->data, &self->length, NULL));
  return self;
}

static void
_add_recordings(void)
{
  g_autofree gchar *path = g_test_build_filename(G_TEST_DIST, "data", "screens", "screens.list",
                                                 NULL);
  g_autofree gchar *list = NULL;
  g_auto(GStrv) lines = NULL;

  g_assert_true(g_file_get_contents(path, &list, NULL, NULL));
  lines = g_strsplit(g_strchomp(list), "\n", -1);
  for (guint i = 0; lines[i]; i++)
    {
      Recording *recording = _read(lines[i]);

      _add_recording("restores", recording, test_restores);
      _add_recording("goes-on", recording, test_goes_on);
      _add_recording("same-in-pieces", recording, test_same_in_pieces);
      _add_recording("same-when-drawn-twice", recording, test_same_when_drawn_twice);
      _add_recording("same-after-sleep", recording, test_same_after_sleep);
    }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_rows("/screen-model/draws", drawn_rows, test_row);
  for (gsize i = 0; i < G_N_ELEMENTS(mended_rows); i++)
    unit_add_row("/screen-model/mends", mended_rows[i].name, GSIZE_TO_POINTER(i), test_mended);
  for (gsize i = 0; i < G_N_ELEMENTS(skip_rows); i++)
    unit_add_row("/screen-model/skips", skip_rows[i].name, GSIZE_TO_POINTER(i), test_skip);
  g_test_add_func("/screen-model/little-is-not-skipped", test_little_is_not_skipped);
  g_test_add_func("/screen-model/screens-drawn-over-are-not-skipped",
                  test_screens_drawn_over_are_not_skipped);
  g_test_add_func("/screen-model/jump-keeps-modes", test_jump_keeps_modes);
  g_test_add_func("/screen-model/title-is-short-and-plain", test_title_is_short_and_plain);
  g_test_add_func("/screen-model/colours-are-kept", test_colours_are_kept);
  g_test_add_func("/screen-model/size-is-clamped", test_size_is_clamped);
  g_test_add_func("/screen-model/cursor-stays-inside-when-the-size-shrinks",
                  test_cursor_stays_inside_when_the_size_shrinks);
  g_test_add_func("/screen-model/marks-are-known", test_marks_are_known);
  _add_recordings();
  return g_test_run();
}
