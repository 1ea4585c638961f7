"""Addresses of feeds and site maps; all of them are files of the mirror."""

from django.urls import path, re_path

from . import feeds, site_map, sitemaps

urlpatterns = [
    path("feed.atom", feeds.atom, name="feed_atom"),
    path("feed.rss", feeds.rss, name="feed_rss"),
    path("<slug:slug>/feed.atom", feeds.atom, name="column_feed_atom"),
    path("<slug:slug>/feed.rss", feeds.rss, name="column_feed_rss"),
    path("sitemap.xml", sitemaps.index, name="sitemap_index"),
    path("sitemap-pages.xml", sitemaps.pages, name="sitemap_pages"),
    re_path(
        r"^sitemap-(?P<year>\d{4})-(?P<month>\d{2})\.xml$", sitemaps.month, name="sitemap_month"
    ),
    path("sitemap/", site_map.show, name="site_map"),
    path("robots.txt", sitemaps.robots, name="robots"),
]
