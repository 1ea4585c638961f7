"""Create the home page and the site, in place of Wagtail's welcome page."""

from django.db import migrations


def create_home(apps, schema_editor):
    content_type_model = apps.get_model("contenttypes.ContentType")
    page_model = apps.get_model("wagtailcore.Page")
    site_model = apps.get_model("wagtailcore.Site")
    home_model = apps.get_model("articles.HomePage")
    if home_model.objects.exists():
        return
    # Wagtail's own migration leaves a welcome page with the slug "home".
    page_model.objects.filter(slug="home", depth=2).delete()
    root = page_model.objects.get(depth=1)
    content_type, _ = content_type_model.objects.get_or_create(
        app_label="articles", model="homepage"
    )
    home = home_model.objects.create(
        title="在荷塘",
        draft_title="在荷塘",
        slug="home",
        content_type=content_type,
        path=f"{root.path}0001",
        depth=2,
        numchild=0,
        url_path="/home/",
        locale_id=page_model.objects.filter(depth=1).values_list("locale_id", flat=True)[0],
        tagline="可信、可读、可亲",
    )
    root.numchild = page_model.objects.filter(depth=2).count()
    root.save(update_fields=["numchild"])
    site_model.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": "localhost",
            "port": 80,
            "site_name": "在荷塘",
            "root_page_id": home.pk,
        },
    )


def remove_home(apps, schema_editor):
    site_model = apps.get_model("wagtailcore.Site")
    home_model = apps.get_model("articles.HomePage")
    page_model = apps.get_model("wagtailcore.Page")
    homes = list(home_model.objects.values_list("pk", flat=True))
    site_model.objects.filter(root_page_id__in=homes).delete()
    page_model.objects.filter(pk__in=homes).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(create_home, remove_home)]
