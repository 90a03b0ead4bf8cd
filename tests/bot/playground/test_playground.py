from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.ext import Application, CallbackQueryHandler, CommandHandler

from bot.playground.server import BotApiServer


async def test_a_person_starts_a_bot_and_presses_its_button():
    async def start(update, context):
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("08:00", callback_data="t:8")]])
        await update.message.reply_html("When do you <b>read</b>?", reply_markup=keyboard)

    async def pressed(update, context):
        await update.callback_query.answer("Noted")
        await update.callback_query.edit_message_text(f"At {update.callback_query.data}")

    async with BotApiServer() as server:
        application = Application.builder().token(server.token).base_url(f"{server.url}/bot").job_queue(None).build()
        application.add_handlers([CommandHandler("start", start), CallbackQueryHandler(pressed)])
        async with application:
            await application.start()
            await application.updater.start_polling()
            ada = server.person("Ada")
            await ada.says("/start")
            question = await ada.hears("When")
            assert question.text == "When do you read?"
            assert question.entities == ({"type": "bold", "offset": 12, "length": 4},)
            assert (await ada.presses(question, "08:00")).text == "Noted"
            await ada.hears("At t:8")
            await server.quiet()
            assert [message.text for message in ada.inbox] == ["At t:8"]
            assert server.delivered == {ada.id: 1}
            await application.updater.stop()
            await application.stop()
