/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rfc5424/timestamp.h"

#include "../../support/unit.h"

typedef struct _Row
{
  const gchar *name;
  gboolean is_valid;
} Row;

static const Row rows[] = {
  /* RFC 5424, 6.2.3.1 */
  { "1985-04-12T23:20:50.52Z", TRUE },
  { "1985-04-12T19:20:50.52-04:00", TRUE },
  { "2003-10-11T22:14:15.003Z", TRUE },
  { "2003-08-24T05:14:15.000003-07:00", TRUE },
  { "2003-08-24T05:14:15.000000003-07:00", FALSE },
  { "2003-10-11T22:14:15Z", TRUE },
  { "2003-10-11T22:14:15+23:59", TRUE },
  { "2003-10-11T22:14:15-00:00", TRUE },
  { "0000-02-29T00:00:00Z", TRUE },
  { "9999-12-31T23:59:59.999999Z", TRUE },
  { "2004-02-29T00:00:00Z", TRUE },
  { "2003-02-29T00:00:00Z", FALSE },
  { "1900-02-29T00:00:00Z", FALSE },
  { "2000-02-29T00:00:00Z", TRUE },
  { "2003-04-31T00:00:00Z", FALSE },
  { "2003-00-11T22:14:15Z", FALSE },
  { "2003-13-11T22:14:15Z", FALSE },
  { "2003-10-00T22:14:15Z", FALSE },
  { "2003-10-11T24:00:00Z", FALSE },
  { "2003-10-11T22:60:15Z", FALSE },
  { "2003-12-31T23:59:60Z", FALSE },
  { "2003-10-11t22:14:15Z", FALSE },
  { "2003-10-11T22:14:15z", FALSE },
  { "2003-10-11 22:14:15Z", FALSE },
  { "2003-10-11T22:14:15", FALSE },
  { "2003-10-11T22:14:15.Z", FALSE },
  { "2003-10-11T22:14:15.0000031Z", FALSE },
  { "2003-10-11T22:14:15,003Z", FALSE },
  { "2003-10-11T22:14:15+24:00", FALSE },
  { "2003-10-11T22:14:15+00:60", FALSE },
  { "2003-10-11T22:14:15+0000", FALSE },
  { "2003-10-11T22:14:15+00:000", FALSE },
  { "2003-10-11T22:14:15+00", FALSE },
  { "2003-10-11T22:14:15Z ", FALSE },
  { "2003-10-11T22:14:15ZZ", FALSE },
  { "2003-10-11T22:14Z", FALSE },
  { "203-10-11T22:14:15Z", FALSE },
  { "-203-10-11T22:14:15Z", FALSE },
  { "2003--1-11T22:14:15Z", FALSE },
  { "2003-10-11", FALSE },
  { "2003", FALSE },
  { "Oct 11 22:14:15", FALSE },
};

static void
test_row(gconstpointer data)
{
  const Row *row = data;

  g_assert_cmpint(cd_timestamp_is_valid(cd_text_from_string(row->name)), ==, row->is_valid);
}

/* Every cut of a time stamp is read without a look behind its end. */
static void
test_cut(void)
{
  static const gchar whole[] = "2003-08-24T05:14:15.000003-07:00";

  g_assert_false(cd_timestamp_is_valid(CD_TEXT_NONE));
  for (gsize length = 0; length < strlen(whole); length++)
    {
      g_autofree gchar *cut = g_memdup2(whole, length);
      g_assert_false(cd_timestamp_is_valid((CdText) { cut, length }));
    }
}

typedef struct _TimeRow
{
  const gchar *name;
  gint64 time;
} TimeRow;

static const TimeRow time_rows[] = {
  { "1970-01-01T00:00:00.000000Z", 0 },
  { "1970-01-01T00:00:00.000000Z", -1 },
  { "1970-01-01T00:00:00.000001Z", 1 },
  { "2000-02-29T23:59:59.999999Z", G_GINT64_CONSTANT(951868799999999) },
  { "2026-11-21T07:37:29.225104Z", G_GINT64_CONSTANT(1795246649225104) },
  { "2038-01-19T03:14:08.000000Z", G_GINT64_CONSTANT(2147483648000000) },
  { "9999-12-31T23:59:59.999999Z", G_GINT64_CONSTANT(253402300799999999) },
  { "9999-12-31T23:59:59.999999Z", G_MAXINT64 },
};

static void
test_write(gconstpointer data)
{
  const TimeRow *row = data;
  gchar written[CD_TIMESTAMP_LENGTH];

  cd_timestamp_write(row->time, written);
  unit_assert_text(((CdText) { written, sizeof(written) }), cd_text_from_string(row->name));
  g_assert_true(cd_timestamp_is_valid((CdText) { written, sizeof(written) }));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    {
      g_autofree gchar *path = g_strdup_printf("/timestamp/%" G_GSIZE_FORMAT, i);
      g_test_add_data_func(path, &rows[i], test_row);
    }
  g_test_add_func("/timestamp/cut", test_cut);
  for (gsize i = 0; i < G_N_ELEMENTS(time_rows); i++)
    {
      g_autofree gchar *path = g_strdup_printf("/timestamp/write/%" G_GSIZE_FORMAT, i);
      g_test_add_data_func(path, &time_rows[i], test_write);
    }
  return g_test_run();
}
