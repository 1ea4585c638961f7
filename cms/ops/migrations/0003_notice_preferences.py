import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def switch_off(apps, schema_editor):
    """Who is told what stands in one table; Wagtail's own mails would say it twice."""
    apps.get_model("wagtailusers", "UserProfile").objects.update(
        submitted_notifications=False,
        approved_notifications=False,
        rejected_notifications=False,
        updated_comments_notifications=False,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('ops', '0002_notices'),
        ('wagtailusers', '0015_userprofile_keyboard_shortcuts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='notice',
            options={
                'ordering': ['-pk'],
                'permissions': [('resend_mail', '可以重发没有发出的邮件')],
                'verbose_name': '通知',
                'verbose_name_plural': '通知',
            },
        ),
        migrations.CreateModel(
            name='NoticePreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('muted', models.JSONField(blank=True, default=list, verbose_name='不发邮件的类别')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='notice_preference', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '通知设置',
                'verbose_name_plural': '通知设置',
            },
        ),
        migrations.RunPython(switch_off, migrations.RunPython.noop),
    ]
