import { Body, Controller, Get, Param, Patch } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { NotificationChoices } from '@app/notifications';
import { Access, actorOf, CurrentPrincipal, type Principal } from '../access/index.js';
import {
  type ChoicesBody,
  choicesBody,
  type ChoicesResponse,
  choicesResponse,
  toChoicesResponse,
} from './notification.schemas.js';

/** Who hears of what by which channel: each member's own choice, else the customer's, else the default. */
@ApiTags('Notifications')
@Controller('customers/:customerId/notification-choices')
export class NotificationChoicesController {
  constructor(private readonly choices: NotificationChoices) {}

  /** What holds for members who have not chosen themselves. */
  @Get()
  @Access({ role: 'viewer', of: 'customer', param: 'customerId' })
  @ApiOkResponse({ standardSchema: choicesResponse })
  async get(@Param('customerId') customerId: string): Promise<ChoicesResponse> {
    return toChoicesResponse(customerId, await this.choices.get(customerId, null));
  }

  /** Choose for all members who have not chosen themselves. */
  @Patch()
  @Access({ role: 'owner', of: 'customer', param: 'customerId' })
  @ApiOkResponse({ standardSchema: choicesResponse })
  async change(
    @Param('customerId') customerId: string,
    @Body({ schema: choicesBody }) { events }: ChoicesBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ChoicesResponse> {
    const effective = await this.choices.change(customerId, null, events, actorOf(principal));
    return toChoicesResponse(customerId, effective);
  }

  /** What holds for the caller. */
  @Get('mine')
  @Access({ role: 'viewer', of: 'customer', param: 'customerId' })
  @ApiOkResponse({ standardSchema: choicesResponse })
  async getMine(
    @Param('customerId') customerId: string,
    @CurrentPrincipal() { userId }: Principal,
  ): Promise<ChoicesResponse> {
    return toChoicesResponse(customerId, await this.choices.get(customerId, userId));
  }

  /** Choose for oneself. */
  @Patch('mine')
  @Access({ role: 'viewer', of: 'customer', param: 'customerId' })
  @ApiOkResponse({ standardSchema: choicesResponse })
  async changeMine(
    @Param('customerId') customerId: string,
    @Body({ schema: choicesBody }) { events }: ChoicesBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ChoicesResponse> {
    const { userId } = principal;
    const effective = await this.choices.change(customerId, userId, events, actorOf(principal));
    return toChoicesResponse(customerId, effective);
  }
}
