from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0002_initial")]

    operations = [
        migrations.RenameModel("UnknownLogin", "Attempts"),
        migrations.AlterModelTable("attempts", "attempts"),
        migrations.RenameField("attempts", "failures", "number"),
        migrations.RenameField("attempts", "last_failed", "forgotten_at"),
    ]
