/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slog/shape.h"

#include "../../support/unit-linear.h"

typedef struct _ShapeRow
{
  const gchar *name;
  const gchar *head; /* up to where the reader begins */
  const gchar *tail;
  CdShape shape;
} ShapeRow;

#define DATE "2026-11-21 07:37:29.225 "
#define ISO "2026-11-21T07:37:29.225871Z "
#define HUMAN CD_SHAPE_HUMAN
#define LEGACY CD_SHAPE_LEGACY
#define COLOURED CD_SHAPE_COLOURED
#define JSON CD_SHAPE_JSON

/* clang-format off */
static const ShapeRow ours_rows[] = {
  { "debu", DATE "[debu]  ", "x", HUMAN },
  { "info", DATE "[info]  ", "x", HUMAN },
  { "warn", DATE "[warn]  ", "x", HUMAN },
  { "erro", DATE "[erro]  ", "x", HUMAN },
  { "crit", DATE "[crit]  ", "x", HUMAN },
  { "fata", DATE "[fata]  ", "x", HUMAN },
  { "unkn", DATE "[unkn]  ", "x", HUMAN },
  { "without a date", "[info]  ", "x", HUMAN },
  { "behind blanks", "  [info]  ", "x", HUMAN },
  { "nothing behind the level", DATE "[info]  ", "", HUMAN },
  { "behind a pod", "[pod/a/b] " DATE "[info]  ", "x", HUMAN },
  { "behind docker's time", ISO DATE "[info]  ", "x", HUMAN },
  { "behind a container's stream", ISO "stdout F " DATE "[info]  ", "x", HUMAN },
  { "behind journald's head", "Nov 21 07:37:29 host coder[412]: " DATE "[info]  ", "x", HUMAN },
  { "behind a test of Go", "    t.go:98: " DATE "[info]  ", "x", HUMAN },
  { "braces in the fields", DATE "[info]  ", "x  a={\"b\":1}", HUMAN },
  { "DEBUG", DATE "[DEBUG]", "\t<a.go:1>\tf\tx", LEGACY },
  { "INFO", DATE "[INFO]", "\t<a.go:1>\tf\tx", LEGACY },
  { "WARN", DATE "[WARN]", "\t<a.go:1>\tf\tx", LEGACY },
  { "ERROR", DATE "[ERROR]", "\t<a.go:1>\tf\tx", LEGACY },
  { "CRITICAL", DATE "[CRITICAL]", "\t<a.go:1>\tf\tx", LEGACY },
  { "FATAL", DATE "[FATAL]", "\t<a.go:1>\tf\tx", LEGACY },
  { "legacy without a date", "[INFO]", "\tx", LEGACY },
  { "legacy behind a pod", "[pod/a/b] " DATE "[INFO]", "\tx", LEGACY },
  { "legacy with fields", DATE "[INFO]", "\t<a.go:1>\tf\tx\t{\"a\": 1}", LEGACY },
  { "an object", "", "{\"ts\":1}", JSON },
  { "an object behind blanks", "  ", "{\"ts\":1}", JSON },
  { "an object behind a pod", "[pod/a/b] ", "{\"ts\":1}", JSON },
  { "an object behind docker's time", ISO, "{\"ts\":1}", JSON },
  { "an object behind compose", "web-1  | ", "{\"ts\":1}", JSON },
};

static const ShapeRow other_rows[] = {
  { "coloured", "", "\x1b[0m" DATE "[info]  x", COLOURED },
  { "empty", "", "", CD_SHAPE_OTHER },
  { "a sentence", "", "Accepted publickey for dev from 10.0.0.1 port 5", CD_SHAPE_OTHER },
  { "another level", "", DATE "[note]  x", CD_SHAPE_OTHER },
  { "a longer level", "", DATE "[debug]  x", CD_SHAPE_OTHER },
  { "one blank", "", DATE "[info] x", CD_SHAPE_OTHER },
  { "a tab behind the level", "", DATE "[info]\tx", CD_SHAPE_OTHER },
  { "no bracket", "", DATE "info  x", CD_SHAPE_OTHER },
  { "cut in the level", "", DATE "[inf", CD_SHAPE_OTHER },
  { "cut behind the level", "", DATE "[info]", CD_SHAPE_OTHER },
  { "cut behind the first blank", "", DATE "[info] ", CD_SHAPE_OTHER },
  { "a bracket at the end", "", DATE "[", CD_SHAPE_OTHER },
  { "quoted", "", "user wrote: " DATE "[info]  x", CD_SHAPE_OTHER },
  { "legacy, quoted", "", "user wrote: [INFO]\tx", CD_SHAPE_OTHER },
  { "legacy, another level", "", DATE "[NOTICE]\tx", CD_SHAPE_OTHER },
  { "legacy, blanks", "", DATE "[INFO]  x", CD_SHAPE_OTHER },
  { "legacy, no end", "", DATE "[CRITICALLY]\tx", CD_SHAPE_OTHER },
  { "legacy, cut", "", DATE "[INFO]", CD_SHAPE_OTHER },
  { "a quoted object", "", "got {\"disconnect_reason\":1}", CD_SHAPE_OTHER },
  { "an array", "", "[{\"a\":1}]", CD_SHAPE_OTHER },
};
/* clang-format on */

static const gchar *
shape_name(CdShape shape)
{
  switch (shape)
    {
    case CD_SHAPE_OTHER:
      return "other";
    case CD_SHAPE_HUMAN:
      return "human";
    case CD_SHAPE_LEGACY:
      return "legacy";
    case CD_SHAPE_COLOURED:
      return "coloured";
    case CD_SHAPE_JSON:
      return "JSON";
    }
  g_assert_not_reached();
}

static void
test_ours(gconstpointer data)
{
  const ShapeRow *row = data;
  g_autofree gchar *text = g_strconcat(row->head, row->tail, NULL);
  gsize at = G_MAXSIZE;

  unit_assert_row(row->name, shape_name(cd_shape_find(cd_text_from_string(text), &at)),
                  shape_name(row->shape));
  g_assert_cmpuint(at, ==, strlen(row->head));
}

static void
test_other(gconstpointer data)
{
  const ShapeRow *row = data;
  gsize at = 0;

  unit_assert_row(row->name, shape_name(cd_shape_find(cd_text_from_string(row->tail), &at)),
                  shape_name(row->shape));
}

static void
test_absent_text(void)
{
  gsize at = 0;

  g_assert_cmpint(cd_shape_find(CD_TEXT_NONE, &at), ==, CD_SHAPE_OTHER);
}

/* A date that is not quite one belongs to somebody else's words. */
static void
test_near_dates(void)
{
  const gsize length = strlen(DATE);

  for (gsize at = 0; at < length; at++)
    {
      g_autofree gchar *text = g_strdup(DATE "[info]  x");
      gsize ignored = 0;

      if (at + 1 == length)
        continue; /* the blank; a tab there would be one, too */
      text[at] = 'x';
      unit_assert_row(text, shape_name(cd_shape_find(cd_text_from_string(text), &ignored)),
                      "other");
    }
}

/* Each text of ours cut at every byte, in a block that ends there; a sanitizer watches. */
static void
test_every_cut(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(ours_rows); i++)
    {
      g_autofree gchar *text = g_strconcat(ours_rows[i].head, ours_rows[i].tail, NULL);

      for (gsize length = 0; length <= strlen(text); length++)
        {
          g_autofree gchar *cut = g_memdup2(text, length);
          gsize at = 0;

          if (cd_shape_find((CdText) { cut, length }, &at) != CD_SHAPE_OTHER)
            g_assert_cmpuint(at, <=, length);
        }
    }
}

/* The gate looks at the start of a text only. */
static void
test_level_far_behind(void)
{
  g_autofree gchar *blanks = g_strnfill(100000, ' ');
  g_autofree gchar *text = g_strconcat(blanks, "[info]  x", NULL);
  gsize at = 0;

  g_assert_cmpint(cd_shape_find(cd_text_from_string(text), &at), ==, CD_SHAPE_OTHER);
}

static void
find_shape(CdText text)
{
  gsize at = 0;

  cd_shape_find(text, &at);
}

static const UnitLinearRow linear_rows[] = {
  { "levels", "x", "[info]  ", "" },
  { "brackets", "", "[", "" },
  { "braces", "x", "{", "" },
  { "known pieces", "", "[pod/a/b] ", "" },
  { "legacy levels", "x", "[INFO]\t", "" },
};

static void
test_linear(gconstpointer data)
{
  unit_assert_linear(data, find_shape);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_rows("/shape/ours", ours_rows, test_ours);
  unit_add_rows("/shape/other", other_rows, test_other);
  g_test_add_func("/shape/absent", test_absent_text);
  g_test_add_func("/shape/near-dates", test_near_dates);
  g_test_add_func("/shape/every-cut", test_every_cut);
  g_test_add_func("/shape/level-far-behind", test_level_far_behind);
  unit_add_rows("/shape/linear", linear_rows, test_linear);
  return g_test_run();
}
