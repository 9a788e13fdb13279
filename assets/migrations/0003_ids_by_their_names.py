import django.db.models.deletion
from django.conf import settings
from django.db import migrations

import core.fields


class Migration(migrations.Migration):
    dependencies = [
        ("assets", "0002_initial"),
        ("production", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameField("entity", "ready_for", "ready_for_type"),
        migrations.RenameField("entity", "created_by", "creator"),
        migrations.AlterField(
            "entity",
            "ready_for_type",
            core.fields.NamedKey(
                blank=True, id_name="ready_for", null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="+", to="production.tasktype",
            ),
        ),
        migrations.AlterField(
            "entity",
            "creator",
            core.fields.NamedKey(
                blank=True, id_name="created_by", null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="+", to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
