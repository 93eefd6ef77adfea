/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report.h"

#include "complaint.h"

/* "1 record waits", "2 records wait". */
static gchar *
_count(guint64 n, const gchar *of_one, const gchar *of_many)
{
  return g_strdup_printf("%" G_GUINT64_FORMAT " record%s%s%s", n, n == 1 ? "" : "s",
                         *of_one ? " " : "", n == 1 ? of_one : of_many);
}

static void
_report_count(const gchar *uri, guint64 n, const gchar *of_one, const gchar *of_many)
{
  g_autofree gchar *count = _count(n, of_one, of_many);

  if (n)
    cd_complain("%s: %s", uri, count);
}

/* What becomes of records that have not arrived. Whether those in memory can still be written shows
 * when the spool is closed. */
static gchar *
_describe_fate(guint64 n, const gchar *folder, gboolean is_in_memory)
{
  g_autofree gchar *waits = NULL;

  if (!folder)
    return _count(n, "is lost, for want of --state-dir", "are lost, for want of --state-dir");
  if (is_in_memory)
    return _count(n, "has not arrived", "have not arrived");
  waits = _count(n, "waits", "wait");
  return g_strconcat(waits, " in ", folder, NULL);
}

/* Of a target in trouble it was told why. */
static void
_report_backlog(const CdEmitter *emitter, const CdEmitterFigures *figures, guint nth,
                const gchar *folder)
{
  const CdFeedFigures *target = &figures->targets[nth];
  g_autofree gchar *fate = _describe_fate(target->backlog, folder, figures->spool.in_memory > 0);
  g_autofree gchar *why = NULL;

  if (!target->backlog)
    return;
  if (!target->is_in_trouble)
    why = cd_emitter_describe_hindrance(emitter, nth);
  cd_complain("%s: %s%s%s", figures->uris[nth], fate, why ? ": " : "", why ? why : "");
}

static gboolean
_report_target(const gchar *uri, const CdFeedFigures *target)
{
  _report_count(uri, target->refused, "was refused", "were refused");
  _report_count(uri, target->dropped, "was lost at the spool's limit or by a disk",
                "were lost at the spool's limit or by a disk");
  return target->refused == 0 && target->dropped == 0;
}

static void
_report_others(const CdEmitter *emitter, const gchar *folder)
{
  g_autoptr(GPtrArray) others = cd_emitter_list_others(emitter);

  for (guint i = 0; i < others->len; i++)
    {
      const CdSpoolOther *other = others->pdata[i];
      g_autofree gchar *count = _count(other->backlog, "", "");

      if (other->backlog)
        cd_complain("%s keeps %s for %s, which is not among the targets; --forget %s drops %s",
                    folder, count, other->name, other->name, other->backlog == 1 ? "it" : "them");
    }
}

CdExit
cd_report(const CdEmitter *emitter, const CdSettings *settings, gboolean is_done)
{
  gboolean all_sent = is_done;
  CdEmitterFigures figures;

  cd_emitter_get_figures(emitter, &figures);
  for (guint i = 0; i < figures.n_targets; i++)
    {
      const CdFeedFigures *target = &figures.targets[i];

      if (!is_done)
        _report_backlog(emitter, &figures, i, settings->folder);
      all_sent &= _report_target(figures.uris[i], target);
    }
  if (settings->folder)
    _report_others(emitter, settings->folder);
  return all_sent ? CD_EXIT_DONE : CD_EXIT_FAILED;
}

CdExit
cd_report_closed(guint64 lost, const CdSettings *settings, CdExit status)
{
  g_autofree gchar *count = _count(lost, "is", "are");

  if (!lost || !settings->folder)
    return status;
  cd_complain("%s lost: %s cannot be written", count, settings->folder);
  return status == CD_EXIT_DONE ? CD_EXIT_FAILED : status;
}

/* --- what is forgotten ------------------------------------------------------------------------ */

static const CdSpoolOther *
_find_other(const GPtrArray *others, const gchar *uri)
{
  for (guint i = 0; i < others->len; i++)
    {
      const CdSpoolOther *other = others->pdata[i];
      if (strcmp(other->name, uri) == 0)
        return other;
    }
  return NULL;
}

static CdExit
_refuse_unknown(const GPtrArray *others, const gchar *uri, const gchar *folder)
{
  g_autoptr(GString) known = g_string_new(NULL);

  for (guint i = 0; i < others->len; i++)
    g_string_append_printf(known, "%s%s", i ? ", " : "",
                           ((const CdSpoolOther *) others->pdata[i])->name);
  return cd_settings_wrong_use("--forget: %s knows no target \"%s\"; it knows %s", folder, uri,
                               known->len ? known->str : "none");
}

static void
_report_forgotten(const CdSpoolOther *other, const gchar *folder)
{
  g_autofree gchar *count = _count(other->backlog, "is", "are");
  g_autofree gchar *lost = _count(other->lost, "had been", "had been");

  cd_complain("%s: %s dropped from %s", other->name, count, folder);
  if (other->lost)
    cd_complain("%s: %s lost before, at the spool's limit or by a disk", other->name, lost);
}

CdExit
cd_report_forgotten(CdEmitter *emitter, const CdSettings *settings)
{
  g_autoptr(GPtrArray) others = cd_emitter_list_others(emitter);

  for (gchar **uri = settings->forget; *uri; uri++)
    if (!_find_other(others, *uri))
      return _refuse_unknown(others, *uri, settings->folder);
  for (gchar **uri = settings->forget; *uri; uri++)
    if (cd_emitter_forget(emitter, *uri))
      _report_forgotten(_find_other(others, *uri), settings->folder);
  return CD_EXIT_DONE;
}
