<?xml version="1.0" encoding="UTF-8"?>
<!-- For people who open the feed in a browser: what this is, how to subscribe, the episodes. No script, no request. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
  xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:atom="http://www.w3.org/2005/Atom"
  exclude-result-prefixes="itunes atom">
<xsl:output method="html" encoding="UTF-8" doctype-system="about:legacy-compat" indent="yes"/>
<xsl:template match="/rss/channel">
<html lang="{language}">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title><xsl:value-of select="title"/></title>
<style>
:root{color-scheme:light dark}
html{background:#fdfcf9;color:#1c1b22}
a{color:#0b4aa8}
@media (prefers-color-scheme:dark){html{background:#17161c;color:#f1eee8}a{color:#9cc2ff}}
body{max-width:44em;margin:auto;padding:1em;line-height:1.8;font-family:sans-serif}
.how{border:1px solid;border-radius:.5em;padding:.5em 1em}
input{width:100%;box-sizing:border-box;font:inherit;padding:.4em}
article{border-top:1px solid;padding:.5em 0}
audio{width:100%}
h2{margin:.5em 0 0;font-size:1.15em}
img{width:8em;height:auto;border-radius:.5em}
</style>
</head>
<body>
<main>
<xsl:if test="itunes:image/@href"><img alt="" src="{itunes:image/@href}"/></xsl:if>
<h1><xsl:value-of select="title"/></h1>
<p><xsl:value-of select="description"/></p>
<section class="how" aria-labelledby="how">
<h2 id="how">購読のしかた <span lang="en">/ How to subscribe</span></h2>
<p>このページはポッドキャストのフィードです。下のアドレスをポッドキャストアプリに貼り付けると購読できます。</p>
<p lang="en">This page is a podcast feed. Paste the address below into a podcast app to subscribe.</p>
<label>フィードのアドレス <span lang="en">/ feed address</span>
<input type="url" readonly="readonly" value="{atom:link[@rel='self']/@href}"/></label>
<p><a href="{link}">番組のサイト <span lang="en">/ website</span></a></p>
</section>
<xsl:for-each select="item">
<article>
<h2><xsl:choose>
<xsl:when test="link"><a href="{link}"><xsl:value-of select="title"/></a></xsl:when>
<xsl:otherwise><xsl:value-of select="title"/></xsl:otherwise>
</xsl:choose></h2>
<p><time><xsl:value-of select="pubDate"/></time></p>
<audio controls="controls" preload="none" src="{enclosure/@url}"><xsl:attribute name="aria-label"><xsl:value-of select="title"/></xsl:attribute></audio>
</article>
</xsl:for-each>
<xsl:if test="atom:link[@rel='next']"><p><a rel="next" href="{atom:link[@rel='next']/@href}">以前のエピソード <span lang="en">/ older episodes</span></a></p></xsl:if>
</main>
</body>
</html>
</xsl:template>
</xsl:stylesheet>
