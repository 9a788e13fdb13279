import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.fields


class Migration(migrations.Migration):
    dependencies = [
        ("playlists", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameField("playlist", "created_by", "creator"),
        migrations.RenameField("playlistsharelink", "created_by", "creator"),
        migrations.AlterField(
            "playlist",
            "creator",
            core.fields.NamedKey(
                blank=True, id_name="created_by", null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="+", to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            "playlistsharelink",
            "creator",
            core.fields.NamedKey(
                blank=True, id_name="created_by", null=True, on_delete=django.db.models.deletion.SET_NULL,
                related_name="+", to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
