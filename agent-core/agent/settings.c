/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent/settings.h"

#include <stdarg.h>
#include <string.h>

#define ORIGIN_FLAG "flag"
#define ORIGIN_DEFAULT "default"

typedef struct _Value
{
  GStrv texts; /* NULL where there is none */
  gchar *origin;
} Value;

struct _CdSettings
{
  gchar *file;
  Value values[CD_N_SETTINGS];
  GPtrArray *problems;
};

static void G_GNUC_PRINTF(2, 3) _note(CdSettings *self, const gchar *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  g_ptr_array_add(self->problems, g_strdup_vprintf(format, arguments));
  va_end(arguments);
}

static gboolean
_is_set(const CdSettings *self, CdSetting setting)
{
  return self->values[setting].texts != NULL;
}

static void
_set(CdSettings *self, CdSetting setting, const gchar *const *texts, const gchar *origin)
{
  Value *value = &self->values[setting];

  value->texts = g_strdupv((gchar **) texts);
  value->origin = g_strdup(origin);
}

/* Takes all or nothing. */
static void
_offer(CdSettings *self, CdSetting setting, const gchar *const *texts, const gchar *origin)
{
  gboolean is_right = TRUE;

  for (const gchar *const *text = texts; *text; text++)
    {
      g_autoptr(GError) error = NULL;

      if (cd_setting_check(setting, *text, &error))
        continue;
      _note(self, "%s: %s", origin, error->message);
      is_right = FALSE;
    }
  if (is_right && *texts)
    _set(self, setting, texts, origin);
}

/* --- environment ------------------------------------------------------------------------------ */

/* Blanks between the values of a list, and any number of them. */
static GStrv
_split(const gchar *text)
{
  g_auto(GStrv) parts = g_strsplit(text, " ", -1);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

  for (gchar **part = parts; *part; part++)
    if (**part)
      g_strv_builder_add(builder, *part);
  return g_strv_builder_end(builder);
}

/* An empty variable is as good as none, as upstream has it. */
static void
_read_environment(CdSettings *self, CdSetting setting)
{
  g_autofree gchar *variable = cd_setting_get_variable(setting);
  const gchar *single[] = { g_getenv(variable), NULL };
  g_auto(GStrv) several = NULL;

  if (!single[0] || !*single[0])
    return;
  if (cd_setting_get_info(setting)->kind != CD_SETTING_KIND_LIST)
    {
      _offer(self, setting, single, variable);
      return;
    }
  several = _split(single[0]);
  _offer(self, setting, (const gchar *const *) several, variable);
}

/* --- key file --------------------------------------------------------------------------------- */

static void
_read_key(CdSettings *self, GKeyFile *file, CdSetting setting)
{
  const CdSettingInfo *info = cd_setting_get_info(setting);
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) texts = NULL;

  if (!g_key_file_has_key(file, CD_SETTINGS_GROUP, info->name, NULL))
    return;
  if (info->kind == CD_SETTING_KIND_LIST)
    texts = g_key_file_get_string_list(file, CD_SETTINGS_GROUP, info->name, NULL, &error);
  else
    {
      texts = g_new0(gchar *, 2);
      texts[0] = g_key_file_get_string(file, CD_SETTINGS_GROUP, info->name, &error);
    }
  if (error)
    _note(self, "%s: %s: %s", self->file, info->name, error->message);
  else
    _offer(self, setting, (const gchar *const *) texts, self->file);
}

static void
_check_groups(CdSettings *self, GKeyFile *file)
{
  g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);

  for (gchar **group = groups; *group; group++)
    if (!g_str_equal(*group, CD_SETTINGS_GROUP))
      _note(self, "%s: [%s]: no such group; there is [" CD_SETTINGS_GROUP "]", self->file, *group);
}

static void
_check_keys(CdSettings *self, GKeyFile *file)
{
  g_auto(GStrv) keys = g_key_file_get_keys(file, CD_SETTINGS_GROUP, NULL, NULL);

  for (gchar **key = keys; key && *key; key++)
    if (cd_setting_find(*key) == CD_N_SETTINGS)
      _note(self, "%s: %s: no such key", self->file, *key);
}

/* Returns: (nullable): %NULL where there is none, or none that can be read */
static GKeyFile *
_open_file(CdSettings *self, const gchar *name)
{
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_autoptr(GError) error = NULL;

  if (!name && !g_file_test(CD_SETTINGS_FILE, G_FILE_TEST_EXISTS))
    return NULL;
  self->file = g_strdup(name ? name : CD_SETTINGS_FILE);
  if (!g_key_file_load_from_file(file, self->file, G_KEY_FILE_NONE, &error))
    {
      _note(self, "%s: %s", self->file, error->message);
      return NULL;
    }
  _check_groups(self, file);
  _check_keys(self, file);
  return g_steal_pointer(&file);
}

/* --- life ------------------------------------------------------------------------------------- */

static void
_read(CdSettings *self, CdSetting setting, const CdOptions *options, GKeyFile *file)
{
  const gchar *standard[] = { cd_setting_get_info(setting)->standard, NULL };

  if (options->texts[setting])
    _set(self, setting, (const gchar *const *) options->texts[setting], ORIGIN_FLAG);
  if (!_is_set(self, setting))
    _read_environment(self, setting);
  if (!_is_set(self, setting) && file)
    _read_key(self, file, setting);
  if (!_is_set(self, setting) && standard[0])
    _set(self, setting, standard, ORIGIN_DEFAULT);
}

CdSettings *
cd_settings_new(const CdOptions *options)
{
  CdSettings *self = g_new0(CdSettings, 1);
  g_autoptr(GKeyFile) file = NULL;

  self->problems = g_ptr_array_new_with_free_func(g_free);
  file = _open_file(self, options->file);
  for (CdSetting i = 0; i < CD_N_SETTINGS; i++)
    _read(self, i, options, file);
  return self;
}

void
cd_settings_free(CdSettings *self)
{
  for (CdSetting i = 0; i < CD_N_SETTINGS; i++)
    {
      g_strfreev(self->values[i].texts);
      g_free(self->values[i].origin);
    }
  g_ptr_array_unref(self->problems);
  g_free(self->file);
  g_free(self);
}

/* --- use -------------------------------------------------------------------------------------- */

const GPtrArray *
cd_settings_get_problems(const CdSettings *self)
{
  return self->problems;
}

void
cd_settings_add_problem(CdSettings *self, CdSetting setting, const gchar *text, const gchar *why)
{
  _note(self, "%s: %s=%s: %s", cd_settings_get_origin(self, setting),
        cd_setting_get_info(setting)->name, text, why);
}

const gchar *
cd_settings_get_text(const CdSettings *self, CdSetting setting)
{
  return _is_set(self, setting) ? self->values[setting].texts[0] : NULL;
}

const gchar *const *
cd_settings_get_list(const CdSettings *self, CdSetting setting)
{
  static const gchar *const none[] = { NULL };

  return _is_set(self, setting) ? (const gchar *const *) self->values[setting].texts : none;
}

gint64
cd_settings_get_number(const CdSettings *self, CdSetting setting)
{
  return g_ascii_strtoll(cd_settings_get_text(self, setting), NULL, 10);
}

gboolean
cd_settings_get_switch(const CdSettings *self, CdSetting setting)
{
  return g_str_equal(cd_settings_get_text(self, setting), "true");
}

const gchar *
cd_settings_get_origin(const CdSettings *self, CdSetting setting)
{
  return _is_set(self, setting) ? self->values[setting].origin : ORIGIN_DEFAULT;
}

gboolean
cd_settings_is_given(const CdSettings *self, CdSetting setting)
{
  return !g_str_equal(cd_settings_get_origin(self, setting), ORIGIN_DEFAULT);
}

gboolean
cd_settings_agree(const CdSettings *self, const CdSettings *other, CdSetting setting)
{
  return g_strv_equal(cd_settings_get_list(self, setting), cd_settings_get_list(other, setting));
}

/* --- print ------------------------------------------------------------------------------------ */

/* As it stands in a key file, with what that escapes. */
static gchar *
_escape(const CdSettings *self, CdSetting setting)
{
  const CdSettingInfo *info = cd_setting_get_info(setting);
  const gchar *const *texts = cd_settings_get_list(self, setting);
  g_autoptr(GKeyFile) file = g_key_file_new();

  if (info->kind == CD_SETTING_KIND_LIST)
    g_key_file_set_string_list(file, CD_SETTINGS_GROUP, info->name, texts,
                               g_strv_length((gchar **) texts));
  else
    g_key_file_set_string(file, CD_SETTINGS_GROUP, info->name, texts[0]);
  return g_key_file_get_value(file, CD_SETTINGS_GROUP, info->name, NULL);
}

/* A default stays one where this is read: it stands there as a comment. */
void
cd_settings_print(const CdSettings *self, GString *text)
{
  g_string_append(text, "[" CD_SETTINGS_GROUP "]\n");
  for (CdSetting i = 0; i < CD_N_SETTINGS; i++)
    {
      g_autofree gchar *value = _is_set(self, i) ? _escape(self, i) : g_strdup("");

      g_string_append_printf(text, "# %s\n%s%s=%s\n", cd_settings_get_origin(self, i),
                             cd_settings_is_given(self, i) ? "" : "#", cd_setting_get_info(i)->name,
                             value);
    }
}
