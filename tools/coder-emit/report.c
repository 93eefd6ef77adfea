/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report.h"

#include "complaint.h"

/* "1 record waits", "2 records wait". */
static gchar *
_count(guint64 n, const gchar *verb_of_one, const gchar *verb_of_many)
{
  return g_strdup_printf("%" G_GUINT64_FORMAT " record%s%s%s", n, n == 1 ? "" : "s",
                         *verb_of_one ? " " : "", n == 1 ? verb_of_one : verb_of_many);
}

static void
_report_count(const gchar *uri, guint64 n, const gchar *was, const gchar *were, const gchar *how)
{
  g_autofree gchar *count = _count(n, was, were);

  if (n)
    cd_complain("%s: %s%s", uri, count, how);
}

static void
_report_fate(const gchar *uri, guint64 n, const gchar *is, const gchar *are, const gchar *how,
             const gchar *hindrance)
{
  g_autofree gchar *why = hindrance ? g_strdup_printf("%s (%s)", how, hindrance) : g_strdup(how);

  _report_count(uri, n, is, are, why);
}

/* What becomes of records that have not arrived, and why. Whether those in memory can still be
 * written shows when the spool is closed. */
static void
_report_backlog(const gchar *uri, guint64 n, const gchar *folder, gboolean is_in_memory,
                const gchar *hindrance)
{
  g_autofree gchar *where = NULL;

  if (!folder)
    {
      _report_fate(uri, n, "is", "are", " lost, for want of --state-dir", hindrance);
      return;
    }
  if (is_in_memory)
    {
      _report_fate(uri, n, "has", "have", " not arrived", hindrance);
      return;
    }
  where = g_strconcat(" in ", folder, NULL);
  _report_fate(uri, n, "waits", "wait", where, hindrance);
}

static gboolean
_report_target(const gchar *uri, const CdFeedFigures *target)
{
  _report_count(uri, target->refused, "was", "were", " refused");
  _report_count(uri, target->dropped, "was", "were", " dropped at the spool's limit");
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
      g_autofree gchar *hindrance = cd_emitter_describe_hindrance(emitter, i);

      if (!is_done)
        _report_backlog(figures.uris[i], target->backlog, settings->folder,
                        figures.spool.in_memory > 0, hindrance);
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
    cd_complain("%s: %s dropped before, at the spool's limit", other->name, lost);
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
